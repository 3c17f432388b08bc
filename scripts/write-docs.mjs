// Writes what follows from the study's schema: schema/study.schema.json, and the tables of options in docs/study.md.
// Usage, after a build: node scripts/write-docs.mjs [--check]; --check writes nothing and exits 1 when a file is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeStudyJsonSchema } from '../dist/study/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const schema = makeStudyJsonSchema();
const [begin, end] = ['<!-- options -->', '<!-- /options -->'];
const page = `${root}docs/study.md`;
const files = new Map([
  [`${root}schema/study.schema.json`, `${JSON.stringify(schema, null, 2)}\n`],
  [page, fillBlock(readFileSync(page, 'utf8'), writeOptions(schema))],
]);

const stale = [...files].filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
for (const [file, text] of stale) {
  const name = relative(root, file);
  if (process.argv.includes('--check')) console.error(`${name} is out of date: run node scripts/write-docs.mjs.`);
  else {
    writeFileSync(file, text);
    console.log(`wrote ${name}`);
  }
}
if (process.argv.includes('--check') && stale.length > 0) process.exitCode = 1;

function fillBlock(text, content) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/study.md has no ${begin} … ${end} to fill.`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** One table for the plain options at the top, then one for each group of options. */
function writeOptions({ properties, required }) {
  const rows = Object.entries(properties).map(([name, node]) => ({
    name,
    node,
    required: required.includes(name) && 'required',
  }));
  const isGroup = ({ node }) => listInside(node).length > 0;
  const shown = new Map();
  const plain = rows.filter((row) => !isGroup(row)).map(({ name, ...row }) => ({ path: name, ...row }));
  const groups = rows.filter(isGroup).map(({ name, node, required }) => {
    const must = required ? 'Required.' : 'Optional.';
    return [
      `### ${name}`,
      '',
      [node.description, must].filter(Boolean).join(' '),
      '',
      writeTable(listRows(name, node, required, shown)),
    ];
  });
  return [['### Top level', '', writeTable(plain)], ...groups].map((lines) => lines.join('\n')).join('\n\n');
}

/** What is inside an object, the objects of a list or the values of a map, and how that is written in a path; of alternatives, of each. */
function listInside(node) {
  if (node.anyOf) return node.anyOf.flatMap(listInside);
  if (node.type === 'object' && node.properties) return [{ inner: node, suffix: '' }];
  if (node.type === 'array' && node.items?.properties) return [{ inner: node.items, suffix: '[]' }];
  if (node.type === 'object' && node.additionalProperties?.properties)
    return [{ inner: node.additionalProperties, suffix: '.NAME' }];
  return [];
}

/**
 * @param must whether the group itself is required
 * @param shown groups that were described already, with where; they are not described twice
 */
function listRows(path, node, must, shown) {
  return listInside(node).flatMap(({ inner, suffix }, _, all) =>
    Object.entries(inner.properties).flatMap(([name, child]) => {
      const isRequired = inner.required?.includes(name) ?? false;
      const must_here = must && isRequired && all.length === 1;
      const own = {
        path: `${path}${suffix}.${name}`,
        node: child,
        required: isRequired && (must && all.length === 1 ? 'required' : 'required in it'),
      };
      if (listInside(child).length === 0) return [own];
      const key = JSON.stringify({ ...child, description: undefined });
      const before = shown.get(key);
      if (before !== undefined) {
        const said = [child.description, `As \`${before}\`.`].filter(Boolean).join(' ');
        return [{ ...own, node: { ...child, description: said } }];
      }
      shown.set(key, own.path);
      return [own, ...listRows(own.path, child, must_here, shown)];
    }),
  );
}

function writeTable(rows) {
  const cells = rows.map(({ path, node, required }) => [
    `\`${path}\``,
    sayType(node),
    required || sayDefault(node),
    node.description ?? '',
  ]);
  const line = (texts) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(['option', 'type', 'default', 'description']), '| --- | --- | --- | --- |', ...cells.map(line)].join(
    '\n',
  );
}

function sayDefault({ default: value }) {
  // An empty object stands for the defaults of what is inside it.
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return value === undefined || isEmpty ? '–' : `\`${JSON.stringify(value)}\``;
}

function sayType(node) {
  if (node.anyOf) return node.anyOf.map(sayType).join(' or ');
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.prefixItems) return `[${node.prefixItems.map(sayType).join(', ')}]`;
  if (node.type === 'array')
    return `list of ${node.items.enum ? sayType(node.items) : node.items.properties ? 'what follows' : 'names'}`;
  if (node.type === 'object' && !node.properties) {
    if (node.additionalProperties?.properties) return 'name: group pairs';
    return node.additionalProperties?.type === 'string' ? 'muscle: channel pairs' : 'name: value pairs';
  }
  if (node.type === 'object') return 'group';
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'null') return '`null`';
  if (node.type === 'string' && node.pattern) return 'name';
  if (node.type === 'string') return 'text';
  if (node.type === 'number' || node.type === 'integer') return sayNumber(node);
  return node.type;
}

function sayNumber({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum }) {
  const bounds = [
    exclusiveMinimum !== undefined && `> ${exclusiveMinimum}`,
    minimum !== undefined && `≥ ${minimum}`,
    exclusiveMaximum !== undefined && `< ${exclusiveMaximum}`,
    // Whole numbers carry the largest exact one as a bound, which is none.
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `≤ ${maximum}`,
  ].filter(Boolean);
  return [type === 'integer' ? 'whole number' : 'number', bounds.join(' and ')].join(' ').trim();
}
