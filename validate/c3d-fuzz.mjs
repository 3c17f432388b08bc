// Damages C3D files in ten thousand seeded ways and reads each: a recording or a GenuError, soon, and in bounded memory. Writes C3D_FUZZ.md.
// Usage: node validate/c3d-fuzz.mjs [count] [seed], after npm run build.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { GenuError } from '../dist/data/index.js';
import { makeC3dFile, readC3d, readC3dFile, writeC3dFile } from '../dist/io/index.js';

const [count, seed] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1)];
/** A reader that takes this long on a file of at most 400 kB hangs. */
const LONGEST_ms = 5_000;
/** Bytes of samples that a recording may have per byte of its file. */
const MOST_GROWTH = 32;

/** Mulberry32 (Tommy Ettinger, 2017; public domain): 32 bits of state, enough to repeat a run. */
function makeRandom(state) {
  let a = state >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = makeRandom(seed);
const below = (most) => Math.floor(random() * most);

function makeSeeds() {
  const seeds = [];
  for (const processor of ['intel', 'dec', 'mips']) {
    for (const format of ['integer', 'float']) {
      const [frames, channels] = [20, 8];
      seeds.push(
        writeC3dFile(
          makeC3dFile({
            processor,
            format,
            rate_Hz: 100,
            frame_count: frames,
            points: {
              labels: ['A', 'A', 'LKneeAngles', 'LKneeMoment'],
              unit: 'mm',
              scale: 0.1,
              values: Float32Array.from({ length: 16 * frames }, (_, i) => (i % 4 === 3 ? 0 : i)),
            },
            analogs: {
              labels: Array.from({ length: channels }, (_, i) => `S${i}`),
              units: ['N', 'N', 'N', 'Nmm', 'Nmm', 'Nmm', 'V', ''],
              scales: Array(channels).fill(1),
              offsets: Array(channels).fill(0),
              samples_per_frame: 10,
              values: Float32Array.from({ length: channels * 10 * frames }, (_, i) => i % 700),
            },
            parameters: {
              POINT: { ANGLES: ['LKneeAngles'], ANGLE_UNITS: 'deg', MOMENTS: ['LKneeMoment'] },
              FORCE_PLATFORM: {
                USED: { type: 'int', values: [1] },
                TYPE: { type: 'int', values: [2], dimensions: [1] },
                ZERO: { type: 'int', values: [1, 0] },
                CORNERS: {
                  type: 'float',
                  values: [400, 0, 0, 0, 0, 0, 0, 600, 0, 400, 600, 0],
                  dimensions: [3, 4, 1],
                },
                ORIGIN: { type: 'float', values: [0, 0, -40], dimensions: [3, 1] },
                CHANNEL: { type: 'int', values: [1, 2, 3, 4, 5, 6], dimensions: [6, 1] },
              },
              EVENT: {
                USED: { type: 'int', values: [2] },
                TIMES: { type: 'float', values: [0, 0.1, 0, 0.15], dimensions: [2, 2] },
                LABELS: ['Foot Strike', 'Foot Off'],
                CONTEXTS: ['Left', 'Right'],
              },
            },
            header_events: [{ label: 'RHS ', time_s: 0.05, flag: 0 }],
          }),
        ),
      );
    }
  }
  const data = fileURLToPath(new URL('../../shared/data', import.meta.url));
  const recorded = existsSync(data) ? readdirSync(data, { recursive: true }).filter((f) => f.endsWith('.c3d')) : [];
  const small = recorded
    .sort()
    .map((file) => new Uint8Array(readFileSync(`${data}/${file}`)))
    .filter((bytes) => bytes.length < 420_000);
  return { made: seeds, recorded: small };
}

/** Most damage goes where a reader decides: header and parameters. */
function damage(bytes) {
  const out = Uint8Array.from(bytes);
  const head = Math.min(out.length, 512 + below(8) * 512);
  const edits = 1 + below(8);
  for (let i = 0; i < edits; i++) {
    const at = random() < 0.9 ? below(head) : below(out.length);
    const kind = below(5);
    if (kind === 0) out[at] ^= 1 << below(8);
    else if (kind === 1) out[at] = below(256);
    else if (kind === 2) out.fill([0, 0xff, 0x7f, 0x80][below(4)], at, at + 1 + below(4));
    else if (kind === 3) out.copyWithin(at, below(head), Math.min(out.length, below(head) + below(64)));
    else out[at] = (out[at] + (random() < 0.5 ? 1 : 255)) & 0xff;
  }
  if (random() < 0.1) return out.slice(0, below(out.length));
  if (random() < 0.05) {
    const longer = new Uint8Array(out.length + below(4096));
    longer.set(out);
    return longer;
  }
  return out;
}

const { made, recorded } = makeSeeds();
const figures = { read: 0, refused: 0, rewritten: 0, slowest_ms: 0, most_growth: 0, sentences: new Map() };
const faults = [];
let peak_rss = 0;
const start = performance.now();
for (let i = 0; i < count; i++) {
  const pool = recorded.length > 0 && i % 10 === 0 ? recorded : made;
  const bytes = damage(pool[below(pool.length)]);
  const before = performance.now();
  try {
    const { recording } = readC3d(bytes, { file: 'damaged.c3d' });
    figures.read++;
    const held = recording.channels.reduce((sum, { values }) => sum + values.byteLength, 0);
    figures.most_growth = Math.max(figures.most_growth, held / bytes.length);
    if (held > MOST_GROWTH * bytes.length) faults.push(`${i}: ${held} bytes from ${bytes.length}`);
    // What was read can be written, or is refused with a sentence.
    writeC3dFile(readC3dFile(bytes, { file: 'damaged.c3d' }));
    figures.rewritten++;
  } catch (error) {
    if (!(error instanceof GenuError)) faults.push(`${i}: ${error.stack}`);
    else {
      figures.refused++;
      const sentence = error.message
        .replace(/"[^"]*"/g, '"…"')
        .replace(/(?<![A-Za-z\d])-?\d+(\.\d+)?(e[+-]?\d+)?/g, 'N');
      figures.sentences.set(sentence, (figures.sentences.get(sentence) ?? 0) + 1);
    }
  }
  const took = performance.now() - before;
  figures.slowest_ms = Math.max(figures.slowest_ms, took);
  if (took > LONGEST_ms) faults.push(`${i}: took ${took} ms`);
  peak_rss = Math.max(peak_rss, process.memoryUsage.rss());
}
const seconds = (performance.now() - start) / 1000;
const common = [...figures.sentences].sort((a, b) => b[1] - a[1]).slice(0, 12);
const report = `# Damaged C3D files

Written by \`node validate/c3d-fuzz.mjs ${count} ${seed}\`: ${count} files, each damaged in one to eight places (bits, bytes, words, copied stretches, cuts, junk behind the end),
from ${made.length} made files (Intel, DEC, MIPS; integer and float) and, one in ten, from ${recorded.length} recorded ones.

| figure | value |
| --- | --- |
| read | ${figures.read} |
| of these also written again | ${figures.rewritten} |
| refused with a sentence | ${figures.refused} |
| crashes, hangs (over ${LONGEST_ms / 1000} s) or more than ${MOST_GROWTH} bytes of samples per byte of file | ${faults.length} |
| slowest file | ${figures.slowest_ms.toFixed(0)} ms |
| most bytes of samples per byte of file | ${figures.most_growth.toFixed(1)} |
| highest memory of the process | ${(peak_rss / 1e6).toFixed(0)} MB |
| whole run | ${seconds.toFixed(0)} s, Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'} |

The most frequent sentences, with N for every number:

${common.map(([sentence, times]) => `- ${times} × ${sentence}`).join('\n')}
`;
console.log(report);
for (const fault of faults.slice(0, 20)) console.error(fault);
writeFileSync(new URL('C3D_FUZZ.md', import.meta.url), report);
process.exitCode = faults.length > 0 ? 1 : 0;
