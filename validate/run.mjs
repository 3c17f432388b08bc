// Checks genu's numbers against OpenSim, ezc3d, SciPy, spm1d, NumPy, PyTorch, ONNX and TensorBoard themselves, prints one table and writes RESULTS.md.
// Usage: npm run validate. GENU_PYTHON=<interpreter> uses that Python; else a virtual environment is made in the user's cache.
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release } from 'node:os';
import { checkBaselines } from './baselines.mjs';
import { checkBody } from './body.mjs';
import { checkC3d } from './c3d.mjs';
import { checkTraining } from './learn.mjs';
import { checkLeastSquares } from './least-squares.mjs';
import { checkEvents, checkOnnx } from './onnx.mjs';
import { findPython, peers, readPythonVersion, readVersion } from './python.mjs';
import { checkSignal } from './signal.mjs';
import { checkStatistics } from './statistics.mjs';
import { checkStreaming } from './streaming.mjs';
import { checkTables } from './tables.mjs';

const checks = [
  { what: 'muscle geometry', needs: ['opensim', 'scipy'], run: checkBody },
  { what: 'C3D files', needs: ['ezc3d'], run: checkC3d },
  { what: 'signal', needs: ['scipy', 'numpy'], run: checkSignal },
  { what: 'least squares', needs: ['scipy'], run: checkLeastSquares },
  { what: 'statistics', needs: ['scipy', 'spm1d'], run: checkStatistics },
  { what: 'regression baselines', needs: ['sklearn'], run: checkBaselines },
  { what: 'tables', needs: ['pandas', 'openpyxl'], run: checkTables },
  { what: 'training', needs: ['torch'], run: checkTraining },
  { what: 'exported networks', needs: ['onnx'], run: checkOnnx },
  { what: 'streaming networks', needs: ['onnx'], run: checkStreaming },
  { what: 'event files', needs: ['tensorboard'], run: checkEvents },
];

const python = findPython();
const versions = new Map(peers.map((peer) => [peer, python && readVersion(python, peer)]));
const rows = [];
for (const { what, needs, run } of checks) {
  const absent = needs.filter((peer) => versions.get(peer) === undefined);
  if (absent.length > 0) {
    rows.push({ check: what, peer: absent.join(', '), missing: `no ${absent.join(', ')} in this Python` });
    continue;
  }
  console.error(`validate: ${what} …`);
  try {
    rows.push(...(await run(python)));
  } catch (error) {
    console.error(`validate: ${error.message}`);
    rows.push({ check: what, peer: needs[0], quantity: 'could not be run', difference: Number.NaN, tolerance: 0 });
  }
}

const compared = rows.filter(({ missing }) => missing === undefined);
const hasPassed = ({ difference, tolerance }) => difference <= tolerance;
const table = writeTable(rows);
console.log(table);
const failed = compared.filter((row) => !hasPassed(row)).length;
const left = rows.length - compared.length;
const verdict = `${compared.length - failed} of ${compared.length} comparisons passed${left > 0 ? `; ${left} could not be made, see the table` : ''}.`;
console.log(`\n${verdict}`);
writeFileSync(new URL('RESULTS.md', import.meta.url), writeResults(table, verdict));
// Where nothing could be compared, nothing was shown.
process.exitCode = failed > 0 || compared.length === 0 ? 1 : 0;

function writeTable(list) {
  const sayPeer = (peer) =>
    peer
      .split(', ')
      .map((name) => `${name} ${versions.get(name) ?? '(missing)'}`)
      .join(', ');
  const cells = list.map((row) =>
    row.missing === undefined
      ? [
          row.check,
          sayPeer(row.peer),
          row.quantity,
          show(row.difference),
          show(row.tolerance),
          hasPassed(row) ? 'yes' : '**no**',
        ]
      : [row.check, sayPeer(row.peer), `not compared: ${row.missing}`, '', '', '–'],
  );
  const all = [['check', 'peer', 'quantity', 'worst difference', 'tolerance', 'passed'], ...cells];
  const widths = all[0].map((_, c) => Math.max(...all.map((line) => line[c].length)));
  const line = (texts) => `| ${texts.map((text, c) => text.padEnd(widths[c])).join(' | ')} |`;
  return [line(all[0]), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...cells.map(line)].join('\n');
}

function show(value) {
  return value === 0 ? '0' : value.toExponential(1);
}

function writeResults(table, verdict) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { version: onnxruntime } = JSON.parse(
    readFileSync(new URL('../node_modules/onnxruntime-node/package.json', import.meta.url), 'utf8'),
  );
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${platform()} ${release().split('-')[0]} ${arch()}`;
  return `# Checks against other programs

Written by \`npm run validate\`. Every number is the largest difference between what genu and the peer make of the same input.

- genu ${version}, Node ${process.versions.node}, onnxruntime-node ${onnxruntime}${python ? `, Python ${readPythonVersion(python)}` : ', no Python'}
- ${machine}
- ${new Date().toISOString().slice(0, 10)}

${table}

${verdict}
`;
}
