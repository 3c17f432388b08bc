import type { Random } from '../math/index.js';
import { electrodes } from './muscles.js';
import type { Rhythm } from './rhythm.js';
import { makeWobble } from './wobble.js';

/** Mean drive over one cycle, at evenly spaced phases 0, 1/n, …, by muscle. */
export type DriveCycle = ReadonlyMap<string, Float64Array>;

const synergies: Readonly<Record<string, string>> = {
  rect_fem_r: 'quadriceps',
  vas_med_r: 'quadriceps',
  vas_int_r: 'quadriceps',
  vas_lat_r: 'quadriceps',
  bifemlh_r: 'hamstrings',
  bifemsh_r: 'hamstrings',
  semimem_r: 'hamstrings',
  semiten_r: 'hamstrings',
  med_gas_r: 'calf',
  lat_gas_r: 'calf',
  soleus_r: 'calf',
  tib_ant_r: 'shin',
  sar_r: 'hip',
  grac_r: 'hip',
  tfl_r: 'hip',
};

/** Strides are never alike: standard deviations of the natural logarithm of drive, of timing (cycles), and of tone. */
const SHARED = 0.12;
const OWN = 0.1;
/** Muscles without electrodes go their own way a little more, so that no network can know them from their neighbours. */
const OWN_UNSEEN = 0.22;
const TIMING_SHARED = 0.01;
const TIMING_OWN = 0.005;
const TONE = 0.35;

/**
 * Neural drive of every muscle over a trial: the mean cycle along the rhythm, with amplitude and timing that vary from cycle to cycle and
 * within one, together within a synergy and apart, and co-contraction that comes and goes over some seconds.
 * @param lead by how many cycles drive runs ahead of the phase, because activation follows it late
 * @param tone co-contraction that `cycles` already hold
 * @returns 0…1 by muscle, on the rhythm's samples
 */
export function makeDrives(
  rng: Random,
  cycles: DriveCycle,
  rhythm: Rhythm,
  cycle_s: number,
  rate_Hz: number,
  lead: number,
  tone: number,
): Map<string, Float64Array> {
  const { phase } = rhythm;
  const count = phase.length;
  const wobble = (name: string, knot_s: number, deviation: number) =>
    makeWobble(rng.fork(name), count, rate_Hz, knot_s, deviation);
  const timing = wobble('timing', cycle_s, TIMING_SHARED);
  const stiffness = wobble('tone', 3, TONE);
  const shared = new Map<string, Float64Array>();
  for (const synergy of new Set(Object.values(synergies))) shared.set(synergy, wobble(synergy, 0.5 * cycle_s, SHARED));

  const drives = new Map<string, Float64Array>();
  for (const [muscle, cycle] of cycles) {
    const seen = (electrodes as readonly string[]).includes(muscle);
    const own = wobble(`${muscle} gain`, 0.35 * cycle_s, seen ? OWN : OWN_UNSEEN);
    const late = wobble(`${muscle} timing`, 0.7 * cycle_s, TIMING_OWN);
    const together = shared.get(synergies[muscle])!;
    const drive = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const mean = sampleCycle(cycle, phase[i] + lead + timing[i] + late[i]);
      const resting = Math.min(mean, tone);
      drive[i] = Math.min(
        1,
        (mean - resting) * Math.exp(together[i] + own[i]) + resting * Math.exp(stiffness[i] + own[i]),
      );
    }
    drives.set(muscle, drive);
  }
  return drives;
}

/** Linear between the samples of a cycle. */
export function sampleCycle(cycle: Float64Array, phase: number): number {
  const x = (phase - Math.floor(phase)) * cycle.length;
  const i = Math.floor(x) % cycle.length;
  const next = cycle[(i + 1) % cycle.length];
  return cycle[i] + (x - Math.floor(x)) * (next - cycle[i]);
}
