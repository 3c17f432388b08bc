// Finds the Python that the peers live in: GENU_PYTHON, or a virtual environment in the user's cache that is made once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the checks are made against. PyTorch is pinned: its reference is committed. */
export const peers = [
  'numpy',
  'scipy',
  'opensim',
  'ezc3d',
  'torch',
  'onnx',
  'onnxruntime',
  'tensorboard',
  'sklearn',
  'spm1d',
  'pandas',
  'openpyxl',
];
const requirements = { torch: 'torch==2.13.0', sklearn: 'scikit-learn' };

/** The interpreter, or undefined where there is none; what happened goes to stderr. */
export function findPython() {
  if (process.env.GENU_PYTHON) return process.env.GENU_PYTHON;
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'genu', 'validate-venv');
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
  if (!existsSync(python)) {
    console.error('validate: making a virtual environment for the peers (once; about 2 GB) …');
    mkdirSync(folder, { recursive: true });
    const made = ['python3', 'python'].some((name) => call(name, ['-m', 'venv', folder]).status === 0);
    if (!made) {
      rmSync(folder, { recursive: true, force: true });
      console.error('validate: no Python 3 with venv was found; name one that has the peers in GENU_PYTHON.');
      return undefined;
    }
  }
  // One at a time, so that one peer without a package for this machine does not take the others with it.
  for (const peer of peers) {
    if (readVersion(python, peer) !== undefined) continue;
    console.error(`validate: installing ${requirements[peer] ?? peer} …`);
    const done = call(python, ['-m', 'pip', 'install', '--quiet', requirements[peer] ?? peer]);
    if (done.status !== 0) console.error(`validate: ${peer} could not be installed:\n${done.stderr.trim()}`);
  }
  return python;
}

/** Version of an installed package; undefined where it is missing or cannot be imported. */
export function readVersion(python, peer) {
  const script = `import ${peer}, importlib.metadata as m; print(m.version("${requirements[peer]?.split('=')[0] ?? peer}"))`;
  const done = call(python, ['-c', script]);
  return done.status === 0 ? done.stdout.trim().split('\n').at(-1).split('+')[0] : undefined;
}

/** Version of the interpreter. */
export function readPythonVersion(python) {
  return call(python, ['-c', 'import platform; print(platform.python_version())']).stdout?.trim();
}

/** Runs a script of this folder on a request (where it takes one) and returns its JSON answer. */
export function ask(python, script, request) {
  const folder = mkdtempSync(join(tmpdir(), 'genu-validate-'));
  try {
    const answer = join(folder, 'answer.json');
    const given = [];
    if (request !== undefined) {
      given.push(join(folder, 'request.json'));
      writeFileSync(given[0], JSON.stringify(request));
    }
    const done = call(python, [fileURLToPath(new URL(script, import.meta.url)), ...given, answer]);
    if (done.status !== 0) throw new Error(`${script} failed:\n${(done.stderr || String(done.error)).trim()}`);
    return JSON.parse(readFileSync(answer, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function call(command, args) {
  return spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, PYTHONUTF8: '1' } });
}
