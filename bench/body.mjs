// Cost of muscle-tendon lengths and knee moment arms on the gait2392 reference: milliseconds per frame, median of repeats.
// Usage: npm run build && node bench/body.mjs [--json]
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildBody, buildMusclePlan, calcMuscleGeometry, findMusclesCrossing } from '../dist/body/index.js';
import { readOsim } from '../dist/io/index.js';

const folder = fileURLToPath(new URL('../../shared/reference/opensim/gait2392/', import.meta.url));
if (!existsSync(folder)) {
  console.error(`The reference model is not at ${folder}; nothing was measured.`);
  process.exit(1);
}
const REPEATS = 31;
/** Motions are repeated to this many frames, so that start-up is spread as in a real trial. */
const FRAMES = 2000;

const [head, ...rows] = readFileSync(`${folder}expected/q.tsv`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'));
const coordinates = Object.fromEntries(
  head.flatMap((name, j) =>
    name === 'time' ? [] : [[name, Float64Array.from({ length: FRAMES }, (_, i) => Number(rows[i % rows.length][j]))]],
  ),
);
const bytes = readFileSync(`${folder}subject01_simbody.osim`);
const model = readOsim(bytes, { file: 'subject01_simbody.osim' });
const body = buildBody(model);
const knee = findMusclesCrossing(body, 'knee_angle_r');
const about = ['knee_angle_r'];

function measure(run) {
  const times = Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[(REPEATS - 1) / 2];
}

const results = {
  read_osim_ms: measure(() => readOsim(bytes, { file: 'subject01_simbody.osim' })),
  build_plan_knee_ms: measure(() => buildMusclePlan(body, knee, about)),
  lengths_all_ms_per_frame: measure(() => calcMuscleGeometry(body, { coordinates })) / FRAMES,
  lengths_knee_ms_per_frame: measure(() => calcMuscleGeometry(body, { coordinates, muscles: knee })) / FRAMES,
  lengths_and_arms_knee_ms_per_frame:
    measure(() => calcMuscleGeometry(body, { coordinates, muscles: knee, about })) / FRAMES,
  muscles_all: model.muscles.length,
  muscles_knee: knee.length,
  frames: FRAMES,
  repeats: REPEATS,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else
  for (const [name, value] of Object.entries(results))
    console.log(`${name.padEnd(36)} ${Number(value.toPrecision(4))}`);
