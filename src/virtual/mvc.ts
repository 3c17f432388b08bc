import type { Random } from '../math/index.js';
import { makeWobble } from './wobble.js';

/**
 * A maximal voluntary contraction (MVC) test at fixed joint angles: three contractions with rests, on a dynamometer. EMG laboratories
 * record these to learn what maximal drive looks like at each electrode.
 */
export interface MvcTest {
  readonly name: string;
  readonly duration_s: number;
  readonly angles_rad: Readonly<Record<string, number>>;
  /** Share of maximal drive by muscle during odd and even contractions; muscles that are not named keep their tone. */
  readonly efforts: readonly Readonly<Record<string, number>>[];
}

const degrees = (hip: number, knee: number, ankle: number): Record<string, number> => ({
  hip_flexion_r: (hip * Math.PI) / 180,
  hip_adduction_r: 0,
  knee_angle_r: (knee * Math.PI) / 180,
  ankle_angle_r: (ankle * Math.PI) / 180,
});

const all = (muscles: string, effort: number) => Object.fromEntries(muscles.split(' ').map((m) => [m, effort]));

const CONTRACTIONS = 3;
const PERIOD_S = 4.5;

const test = (name: string, angles_rad: Record<string, number>, ...efforts: Record<string, number>[]): MvcTest => ({
  name,
  duration_s: CONTRACTIONS * efforts.length * PERIOD_S,
  angles_rad,
  efforts,
});

/** Knee extension and flexion, reclined (hip at 60°), at 60° of knee flexion, and plantar- and dorsiflexion in turn with the knee at 20°. */
export const mvcTests: readonly MvcTest[] = [
  test('mvc_knee_extension', degrees(60, -60, 0), {
    ...all('vas_lat_r vas_med_r vas_int_r rect_fem_r', 1),
    ...all('bifemlh_r semimem_r semiten_r bifemsh_r', 0.06),
    ...all('med_gas_r lat_gas_r soleus_r tib_ant_r sar_r grac_r tfl_r', 0.1),
  }),
  test('mvc_knee_flexion', degrees(60, -60, 0), {
    ...all('bifemlh_r semimem_r semiten_r bifemsh_r', 1),
    ...all('sar_r grac_r', 0.25),
    ...all('med_gas_r lat_gas_r', 0.5),
    ...all('vas_lat_r vas_med_r vas_int_r rect_fem_r', 0.04),
    ...all('soleus_r tib_ant_r tfl_r', 0.15),
  }),
  test(
    'mvc_ankle',
    degrees(40, -20, 0),
    {
      ...all('med_gas_r lat_gas_r soleus_r', 1),
      ...all('bifemlh_r semimem_r semiten_r bifemsh_r', 0.05),
      ...all('vas_lat_r vas_med_r vas_int_r rect_fem_r', 0.1),
    },
    {
      ...all('tib_ant_r', 1),
      ...all('med_gas_r lat_gas_r soleus_r', 0.06),
      ...all('vas_lat_r vas_med_r vas_int_r rect_fem_r', 0.05),
    },
  ),
];

/**
 * Neural drive of every muscle in an MVC test. Each contraction rises in 0.6 s, holds 1 s and falls in 0.5 s.
 *
 * It holds 72–82 % of maximal drive. That is lower than healthy people reach (Shield & Zhou 2004, Sports Med 34:253, review values mostly
 * above 85 %), and is a choice of ours: the peak of a 6 Hz envelope lies well above its mean, and at this level the peak is near what drive 1
 * would give on average, so that dividing by it hardly shifts the strengths that calibration finds. Nearer to full effort they come out too large.
 * @param start_s time of the first sample; the first contraction starts at 1 s
 */
export function makeMvcDrives(
  rng: Random,
  mvc: MvcTest,
  muscles: readonly string[],
  tone: number,
  start_s: number,
  count: number,
  rate_Hz: number,
): Map<string, Float64Array> {
  const will = Array.from({ length: CONTRACTIONS * mvc.efforts.length }, () => 0.72 + 0.1 * rng.uniform());
  const tremor = makeWobble(rng, count, rate_Hz, 0.15, 0.02);
  const drives = new Map(muscles.map((muscle) => [muscle, new Float64Array(count).fill(tone)]));
  for (let i = 0; i < count; i++) {
    const time_s = start_s + i / rate_Hz;
    const turn = Math.floor(time_s / PERIOD_S);
    if (turn < 0 || turn >= will.length) continue;
    const level = calcLevel(time_s - turn * PERIOD_S) * will[turn] * (1 + tremor[i]);
    for (const [muscle, effort] of Object.entries(mvc.efforts[turn % mvc.efforts.length]))
      drives.get(muscle)![i] = Math.min(1, tone + (1 - tone) * level * effort);
  }
  return drives;
}

/** Smooth rise, hold and fall within one period. */
function calcLevel(time_s: number): number {
  const rise = Math.min(Math.max((time_s - 1) / 0.6, 0), 1);
  const fall = Math.min(Math.max((3.1 - time_s) / 0.5, 0), 1);
  const smooth = (x: number) => x * x * (3 - 2 * x);
  return smooth(rise) * smooth(fall);
}
