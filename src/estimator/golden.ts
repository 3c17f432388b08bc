import { GenuError, makeUniformClock, type Recording } from '../data/index.js';
import { makeRandom } from '../math/index.js';
import type { Golden } from './bundle.js';
import { estimateTrial } from './estimate.js';
import type { Estimator } from './estimator.js';
import type { EstimatorSpec } from './spec.js';

/** Torque may differ by this much (N·m/kg) between machines: single precision in the networks, other instructions. */
const tolerance_Nm_per_kg = 1e-3;

const duration_s = 1.5;

/** What the golden recording has to look like: rates, and for each channel the range it had in training. */
export interface GoldenRanges {
  readonly emg_rate_Hz: number;
  readonly motion_rate_Hz: number;
  /** Per EMG channel of the spec: its maximum in the file's unit. */
  readonly emg_maxima: readonly number[];
  /** By coordinate of the model, rad or m. */
  readonly coordinates: ReadonlyMap<string, readonly [low: number, high: number]>;
}

/**
 * Makes a synthetic recording within the ranges of training and lets the estimator say what it makes of it.
 * No sample of a participant is in it.
 */
export async function makeGolden(
  estimator: Estimator,
  ranges: GoldenRanges,
  person: string | undefined,
): Promise<Golden> {
  const { spec } = estimator.bundle;
  const random = makeRandom('golden');
  const wave = (rate_Hz: number, low: number, high: number) => {
    const phase = 2 * Math.PI * random.uniform();
    const frequency_Hz = 0.8 + 0.6 * random.uniform();
    return Array.from({ length: Math.round(duration_s * rate_Hz) + 1 }, (_, i) =>
      shorten(low + (high - low) * (0.5 + 0.45 * Math.sin((2 * Math.PI * frequency_Hz * i) / rate_Hz + phase))),
    );
  };
  const emg = spec.emg.channels.map(({ channel }, c) => {
    const amplitude = wave(ranges.emg_rate_Hz, 0, 0.6 * ranges.emg_maxima[c]);
    // Raw EMG is noise whose size is the amplitude; 2.5 turns a mean rectified size into a standard deviation with some head room.
    return {
      name: channel,
      values: spec.emg.kind === 'raw' ? amplitude.map((a) => shorten(2.5 * a * random.normal())) : amplitude,
    };
  });
  const motion = [...ranges.coordinates].map(([name, [low, high]]) => ({
    name,
    values: wave(ranges.motion_rate_Hz, low, high),
  }));
  const input = {
    emg: { rate_Hz: ranges.emg_rate_Hz, channels: emg },
    motion: { rate_Hz: ranges.motion_rate_Hz, channels: motion },
    person: person ?? null,
  };
  return { ...input, output: await run(estimator, input) };
}

/** Keeps the file small; the input is what it is after this. */
const shorten = (value: number) => Number(value.toPrecision(6));

async function run(estimator: Estimator, golden: Omit<Golden, 'output'>): Promise<Golden['output']> {
  const { spec } = estimator.bundle;
  const { torque_Nm_per_kg } = await estimateTrial(
    estimator,
    {
      id: 'golden case',
      emg: makeRecording(golden.emg, spec, 'emg'),
      motion: makeRecording(golden.motion, spec, 'motion'),
    },
    { id: golden.person ?? undefined },
  );
  return Object.fromEntries(
    Object.entries(torque_Nm_per_kg).map(([model, torque]) => [
      model,
      Array.from(torque!, (value) => (Number.isFinite(value) ? Math.fround(value) : null)),
    ]),
  );
}

function makeRecording({ rate_Hz, channels }: Golden['emg'], spec: EstimatorSpec, role: 'emg' | 'motion'): Recording {
  const clock = makeUniformClock(0, rate_Hz, channels[0].values.length);
  const kind = role === 'motion' ? 'coordinate' : spec.emg.kind === 'raw' ? 'emg' : 'emg_envelope';
  return {
    name: 'golden case',
    events: [],
    notes: [],
    channels: channels.map(({ name, values }) => ({
      name,
      kind,
      unit: role === 'motion' ? 'rad' : spec.emg.kind === 'raw' ? 'V' : '1',
      clock,
      values: Float64Array.from(values),
    })),
  };
}

/**
 * Repeats the golden case.
 * @throws GenuError when the output is another one: the bundle and this genu, or this machine, do not fit
 */
export async function verifyGolden(estimator: Estimator, golden: Golden, file: string): Promise<void> {
  const output = await run(estimator, golden);
  for (const [model, expected] of Object.entries(golden.output)) {
    const found = output[model] ?? [];
    const worst = expected.reduce<number>((most, value, i) => {
      if (value === null || found[i] === null || found[i] === undefined)
        return value === (found[i] ?? null) ? most : Number.POSITIVE_INFINITY;
      return Math.max(most, Math.abs(value - found[i]));
    }, 0);
    if (worst > tolerance_Nm_per_kg || found.length !== expected.length) {
      throw new GenuError(`its golden case comes out differently: ${model} is off by ${worst.toPrecision(2)} N·m/kg.`, {
        where: file,
        mend: `It was written by genu ${estimator.bundle.provenance.genu_version}; use that version, or train it again with this one.`,
      });
    }
  }
}
