/**
 * How one activity looks in the average adult: what the virtual participants vary around.
 * Curves hold one value every 5 % of the cycle (20 values, 0 %, 5 %, …, 95 %): rounded typical values in keeping with the sources
 * each file names, not digitised measurements. Signs follow the convention of gait2392 (hip and ankle flexion positive, adduction
 * positive), except that the knee is written as flexion positive, as in the sources.
 */
export interface Norm {
  readonly cycle_s: number;
  readonly hip_flexion_deg: readonly number[];
  readonly hip_adduction_deg: readonly number[];
  readonly knee_flexion_deg: readonly number[];
  readonly ankle_dorsiflexion_deg: readonly number[];
  /** Internal knee moment per body mass, extension positive. */
  readonly knee_moment_Nm_per_kg: readonly number[];
  readonly bursts: readonly Burst[];
}

/** A burst of neural drive: a bell over the cycle. `height` is a share of maximal drive. */
export interface Burst {
  readonly muscles: readonly string[];
  readonly centre: number;
  readonly width: number;
  readonly height: number;
}

export const burst = (muscles: string, centre: number, width: number, height: number): Burst => ({
  muscles: muscles.split(' '),
  centre,
  width,
  height,
});

/** Drive of one muscle at `phase`: sum of its bursts, each a Gaussian wrapped round the cycle (`width` is its standard deviation). */
export function calcBurstDrive(bursts: readonly Burst[], muscle: string, phase: number): number {
  let drive = 0;
  for (const { muscles, centre, width, height } of bursts) {
    if (!muscles.includes(muscle)) continue;
    const distance = phase - centre - Math.round(phase - centre);
    for (const turn of [-1, 0, 1]) drive += height * Math.exp(-0.5 * ((distance + turn) / width) ** 2);
  }
  return drive;
}
