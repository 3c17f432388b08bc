import type { Random } from '../math/index.js';
import { drawCut } from './anthropometry.js';
import { makeEmgNoise } from './emg-noise.js';
import { electrodes, neighbours } from './muscles.js';

/** One electrode pair on one person. */
export interface Electrode {
  readonly muscle: string;
  /** Root mean square at maximal drive of the muscle beneath, V. */
  readonly gain_V: number;
  /** Share of each other muscle's signal that is picked up. */
  readonly crosstalk: Readonly<Record<string, number>>;
  /** Root mean square of the amplifier's and the skin's noise, V. */
  readonly noise_V: number;
  /** Relative change of gain per 90° of knee flexion, from 60° on: skin and fibres shift under the electrode (Farina 2006, Exerc Sport Sci Rev 34:121). */
  readonly shift: number;
  /** Amplitude of the mains hum at 50 Hz, V. */
  readonly hum_V: number;
}

/** How one person's muscles show in surface EMG. */
export interface EmgTraits {
  readonly electrodes: readonly Electrode[];
  /** Corner frequencies of each muscle's spectrum, Hz. */
  readonly corners_Hz: Readonly<Record<string, readonly [number, number]>>;
  /**
   * c in amplitude ∝ e(1 − c·e)/(1 − c): action potentials cancel one another more as more of them overlap, so amplitude grows less than
   * drive (Keenan et al. 2005, J Appl Physiol 98:120).
   */
  readonly cancellation: number;
}

/** Draws electrodes for one person: 0.25–0.6 mV at full effort, 1–2 µV noise, up to 1.5 µV hum. */
export function makeEmgTraits(rng: Random, muscles: readonly string[]): EmgTraits {
  return {
    electrodes: electrodes.map((muscle) => ({
      muscle,
      gain_V: 4e-4 * Math.exp(0.22 * drawCut(rng)),
      crosstalk: Object.fromEntries(
        Object.entries(neighbours[muscle]).map(([name, share]) => [name, share * (0.5 + rng.uniform())]),
      ),
      noise_V: (1 + rng.uniform()) * 1e-6,
      shift: 0.15 * drawCut(rng),
      hum_V: 1.5e-6 * rng.uniform(),
    })),
    corners_Hz: Object.fromEntries(
      muscles.map((muscle) => [muscle, [60 + 5 * drawCut(rng), 150 + 10 * drawCut(rng)] as const]),
    ),
    cancellation: 0.08 * rng.uniform(),
  };
}

/**
 * Makes raw surface EMG: each muscle's drive modulates its own noise, and each electrode sums its muscle, its neighbours, noise and hum.
 * @param drives neural drive 0…1 of every muscle, at `rate_Hz`
 * @param drift relative change of every electrode's gain from first to last sample (sweat, temperature, fatigue)
 * @param knee_angle_rad flexion negative, at `knee_rate_Hz` from the same first instant
 * @returns volts by electrode, at `rate_Hz`
 */
export function makeEmg(
  rng: Random,
  traits: EmgTraits,
  drives: ReadonlyMap<string, Float64Array>,
  rate_Hz: number,
  drift: number,
  knee_angle_rad: Float64Array,
  knee_rate_Hz: number,
): Map<string, Float64Array> {
  const { cancellation: c } = traits;
  const sources = new Map<string, Float64Array>();
  for (const [muscle, drive] of drives) {
    const [low_Hz, high_Hz] = traits.corners_Hz[muscle];
    const source = makeEmgNoise(rng.fork(muscle), drive.length, rate_Hz, low_Hz, high_Hz);
    for (let i = 0; i < source.length; i++) source[i] *= (drive[i] * (1 - c * drive[i])) / (1 - c);
    sources.set(muscle, source);
  }
  const bend = calcBend(knee_angle_rad, knee_rate_Hz / rate_Hz, sources.values().next().value!.length);
  return new Map(
    traits.electrodes.map(({ muscle, gain_V, crosstalk, noise_V, shift, hum_V }) => {
      const own = rng.fork(`electrode ${muscle}`);
      const volts = sources.get(muscle)!.slice();
      for (const [name, share] of Object.entries(crosstalk)) {
        const other = sources.get(name)!;
        for (let i = 0; i < volts.length; i++) volts[i] += share * other[i];
      }
      const hum = 2 * Math.PI * own.uniform();
      for (let i = 0; i < volts.length; i++) {
        const gain = gain_V * (1 + (drift * i) / volts.length) * (1 + shift * bend[i]);
        volts[i] = gain * volts[i] + noise_V * own.normal() + hum_V * Math.sin((2 * Math.PI * 50 * i) / rate_Hz + hum);
      }
      return [muscle, volts];
    }),
  );
}

/** Knee flexion beyond 60°, in units of 90°, linear between the angle's samples. */
function calcBend(knee_angle_rad: Float64Array, step: number, count: number): Float64Array {
  const bend = new Float64Array(count);
  const last = knee_angle_rad.length - 1;
  for (let n = 0; n < count; n++) {
    const x = Math.min(n * step, last);
    const i = Math.floor(x);
    const next = knee_angle_rad[Math.min(i + 1, last)];
    const angle = knee_angle_rad[i] + (x - i) * (next - knee_angle_rad[i]);
    bend[n] = (-angle - Math.PI / 3) / (Math.PI / 2);
  }
  return bend;
}
