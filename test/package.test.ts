import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from './support/genu.js';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  name: string;
  version: string;
  license: string;
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
};
const subpaths = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [[name, target] as const],
);

interface Packed {
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

describe('the package', () => {
  let packed: Packed;
  let paths: string[];
  beforeAll(() => {
    const shell = process.platform === 'win32';
    // Scripts would build while other suites run the build.
    const printed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
      cwd: root,
      encoding: 'utf8',
      shell,
    });
    [packed] = JSON.parse(printed) as Packed[];
    paths = packed.files.map(({ path }) => path);
  });

  it('holds the code and types of every subpath, the command, the schema, an example and the licence', () => {
    for (const [, { types, default: code }] of subpaths)
      expect(paths).toEqual(expect.arrayContaining([types.slice(2), code.slice(2)]));
    expect(paths).toEqual(
      expect.arrayContaining([
        'package.json',
        'LICENSE',
        'README.md',
        'CHANGELOG.md',
        'CITATION.cff',
        'references.bib',
      ]),
    );
    expect(paths).toEqual(
      expect.arrayContaining([
        'dist/cli/main.js',
        'dist/cli/runtime/worker.js',
        'schema/study.schema.json',
        'examples/treadmill-adult/study.yaml',
      ]),
    );
  });

  it('holds no sources, tests, fixtures, recordings or caches', () => {
    expect(
      paths.filter((path) =>
        /^(src|test|bench|validate|scripts|node_modules|out|\.)|\.(test|fixture)\.|test\.support|tsbuildinfo|\.(c3d|mot|osim|xlsx|genu)$/.test(
          path,
        ),
      ),
    ).toEqual([]);
  });

  it('holds everything that its own code imports', () => {
    const missing = paths
      .filter((path) => path.endsWith('.js'))
      .flatMap((path) =>
        listImports(join(root, path)).flatMap((name) => (name.startsWith('.') ? [join(path, '..', name)] : [])),
      )
      .filter((path) => !paths.includes(path));
    expect(missing).toEqual([]);
  });

  it('has a command that starts with a shebang and may be run', () => {
    expect(manifest.bin).toEqual({ genu: 'dist/cli/main.js' });
    expect(readFileSync(join(root, manifest.bin.genu), 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
  });

  it('says under which licence it is, and carries its text', () => {
    expect(manifest.license).toBe('Apache-2.0');
    expect(readFileSync(join(root, 'LICENSE'), 'utf8')).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  });
});

describe('its subpaths', () => {
  it('are the rooms that others may build on', () => {
    expect(subpaths.map(([name]) => name).sort()).toEqual([
      './body',
      './data',
      './estimator',
      './io',
      './learn',
      './live',
      './nms',
      './signal',
      './study',
    ]);
  });

  it.each(subpaths)('%s is there with its types', (_, { types, default: code }) => {
    expect(existsSync(join(root, types))).toBe(true);
    expect(existsSync(join(root, code))).toBe(true);
  });

  it('import in plain Node by the name of the package, and give something', () => {
    const names = subpaths.map(([name]) => `genu${name.slice(1)}`);
    const script = `const names = ${JSON.stringify(names)};
      const sizes = {};
      for (const name of names) sizes[name] = Object.keys(await import(name)).length;
      console.log(JSON.stringify(sizes));`;
    // A package may import itself by its own name.
    const sizes = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' }),
    ) as Record<string, number>;
    expect(Object.keys(sizes)).toEqual(names);
    expect(Object.entries(sizes).filter(([, size]) => size === 0)).toEqual([]);
  });
});

describe('outside the command line', () => {
  const files = listFiles(join(root, 'dist')).filter(
    (file) => file.endsWith('.js') && !file.startsWith(join(root, 'dist', 'cli')),
  );

  it('nothing built imports from Node, so that it runs in a browser', () => {
    expect(files.length).toBeGreaterThan(100);
    const builtin = files.flatMap((file) =>
      listImports(file)
        .filter((name) => name.startsWith('node:') || builtinModules.includes(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(builtin).toEqual([]);
    // The same search finds what the command line imports.
    const inCli = listFiles(join(root, 'dist', 'cli')).filter((file) => file.endsWith('.js'));
    expect(inCli.flatMap(listImports)).toContain('node:fs');
  });

  it('nothing built uses the globals of Node', () => {
    const globals = files.filter((file) =>
      /\b(process\.|Buffer\.|__dirname|require\()/.test(
        readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
      ),
    );
    expect(globals).toEqual([]);
  });

  it('every library that is imported is a dependency, and none of them is the native runtime', () => {
    const libraries = new Set(
      files
        .flatMap(listImports)
        .filter((name) => !name.startsWith('.'))
        .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]),
    );
    for (const library of libraries) expect(Object.keys(manifest.dependencies)).toContain(library);
    expect([...libraries]).not.toContain('onnxruntime-node');
    expect([...libraries]).toContain('zod');
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

/** What a built module imports, statically or not. */
function listImports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [
    ...text.matchAll(
      /(?:^|[\s;}])(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
    ),
  ].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic);
}
