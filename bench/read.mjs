// Reading an OpenSim table of about 50 MB: seconds from bytes to a recording in SI units, median of repeats.
// Usage: npm run build && node bench/read.mjs [--json]
import { readStorage, writeStorage } from '../dist/io/index.js';
import { makeRandom } from '../dist/math/index.js';

const REPEATS = 7;
const CHANNELS = 16;
const ROWS = 320_000;

const random = makeRandom('bench');
const noise = () => Float64Array.from({ length: ROWS }, () => Number(random.normal().toFixed(6)));
const bytes = writeStorage({
  name: 'EMG',
  inDegrees: false,
  times_s: Float64Array.from({ length: ROWS }, (_, i) => i / 1000),
  columns: Array.from({ length: CHANNELS }, (_, c) => ({ label: `channel_${c + 1}`, values: noise() })),
});
const times = Array.from({ length: REPEATS }, () => {
  const start = performance.now();
  readStorage(bytes, { file: 'bench.sto' });
  return (performance.now() - start) / 1000;
}).sort((a, b) => a - b);
const seconds = times[(REPEATS - 1) / 2];
const results = {
  file_MB: bytes.length / 1e6,
  rows: ROWS,
  columns: CHANNELS + 1,
  read_s: seconds,
  read_MB_per_s: bytes.length / 1e6 / seconds,
  repeats: REPEATS,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const [name, value] of Object.entries(results))
    console.log(`${name.padEnd(16)} ${Number(value.toPrecision(4))}`);
