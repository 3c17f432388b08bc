// Fills the results in README.md from results.json files that genu run wrote.
// Usage: node scripts/write-results.mjs NAME=results.json …; NAME is treadmill-adult or example. A table that is not named stays.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const titles = {
  'treadmill-adult': 'Measured: one adult on an instrumented treadmill (examples/treadmill-adult/study.yaml)',
  example: 'Simulated: the built-in example (npm start); nobody was measured',
};
const models = { mean: 'mean', ridge: 'lagged ridge', nms: 'muscles (NMS)', network: 'network', hybrid: 'hybrid' };
const [begin, end] = ['<!-- results -->', '<!-- /results -->'];
const readme = fileURLToPath(new URL('../README.md', import.meta.url));

const given = process.argv.slice(2).map((argument) => {
  const at = argument.indexOf('=');
  const name = argument.slice(0, at);
  if (!(name in titles)) stop(`"${argument}": give NAME=FILE with NAME one of ${Object.keys(titles).join(', ')}.`);
  return [name, readRows(name, argument.slice(at + 1))];
});
if (given.length === 0) stop('usage: node scripts/write-results.mjs treadmill-adult=results.json example=results.json');

const text = readFileSync(readme, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) stop(`README.md has no ${begin} … ${end} to fill.`);
const before = readTables(text.slice(from + begin.length, to));
const tables = { ...before, ...Object.fromEntries(given.map(([name, rows]) => [name, writeTable(rows)])) };
const block = Object.entries(titles)
  .filter(([name]) => tables[name])
  .map(([name, title]) => `**${title}**\n\n${tables[name]}`)
  .join('\n\n');
writeFileSync(readme, `${text.slice(0, from + begin.length)}\n\n${block}\n\n${text.slice(to)}`);

/** The rows over all participants; of the example, those over all activities: it shows that genu works, not how well it does on people. */
function readRows(name, file) {
  const { rows } = JSON.parse(readFileSync(file, 'utf8'));
  const shown = rows.filter(
    ({ participant, activity }) => participant === 'all' && (name !== 'example' || activity === 'all'),
  );
  if (shown.length === 0) stop(`${file} holds no row over all participants.`);
  return shown;
}

/** Tables that are there already, by name. */
function readTables(old) {
  const found = {};
  for (const [name, title] of Object.entries(titles)) {
    const at = old.indexOf(`**${title}**`);
    if (at >= 0)
      found[name] = old
        .slice(at + title.length + 4)
        .split('\n\n')[1]
        ?.trim();
  }
  return found;
}

function writeTable(rows) {
  const head = [
    'activity',
    'model',
    'frames',
    'RMSE, N·m/kg (95 %)',
    'NRMSE, %',
    'R² (95 %)',
    'R² with masked frames',
    'skill against ridge',
  ];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) =>
    line([
      row.activity,
      models[row.model],
      row.n,
      withInterval(row.rmse_Nm_per_kg, row.rmse_Nm_per_kg_interval),
      show(row.nrmse_percent, 1),
      withInterval(row.r2, row.r2_interval),
      show(row.with_masked.r2, 3),
      show(row.skill_vs_ridge, 2),
    ]),
  );
  return [line(head), '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |', ...body].join('\n');
}

function withInterval(value, interval) {
  return `${show(value, 3)}${interval ? ` (${interval.map((bound) => show(bound, 3)).join(' to ')})` : ''}`;
}

function show(value, digits) {
  return value === null
    ? '–'
    : value
        .toFixed(digits)
        .replace(/^-(0\.?0*)$/, '$1')
        .replace('-', '−');
}

function stop(message) {
  console.error(`write-results: ${message}`);
  process.exit(1);
}
