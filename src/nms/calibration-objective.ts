import { calcActivation, calcNeuralActivationInto, makeActivationFilter } from './activation.js';
import type { CalibrationFrames } from './calibration-frames.js';
import { applyParameters, type CalibrationParameter } from './calibration-parameters.js';
import { type HillModel, makeHillPoint } from './hill/hill.js';
import type { MuscleParameters } from './muscles.js';

/** Residuals and Jacobian of calibration, for `findLeastSquares`. */
export interface CalibrationObjective {
  readonly residualCount: number;
  calcResidualsInto(out: Float64Array, values: Float64Array): void;
  calcJacobianInto(out: Float64Array, values: Float64Array, residuals: Float64Array): void;
  /** Share of the torque's variance left unexplained: the part of Σ r² that comes from the frames. */
  calcUnexplained(residuals: Float64Array): number;
}

/** Normalised fibre lengths that are kept, softly, as in the NMSM Pipeline. */
const band = [0.75, 1.05] as const;
/** Weight of the mean squared distance from the band: a tenth of an optimal length outside all the time costs 1e-4. */
const bandWeight = 1e-2;
const quantiles = 9;

/**
 * Residuals, in order: (τ̂ − τ)/sd(τ)/√frames for every frame; the prior of every parameter; and for every muscle the distance of nine quantiles of its
 * normalised fibre length from the band.
 *
 * Torque is linear in strength and in the passive factor, so their derivatives are exact; the others are one-sided differences over the muscles that the parameter
 * acts on, and the recursion runs again only for C1, C2 and the delay.
 */
export function makeCalibrationObjective(
  muscles: readonly MuscleParameters[],
  parameters: readonly CalibrationParameter[],
  frames: CalibrationFrames,
  rate_Hz: number,
  hill: HillModel,
): CalibrationObjective {
  const { count, weights } = frames;
  const neural = new Float64Array(muscles.length * count);
  const shiftedNeural = new Float64Array(count);
  /** Torque of each muscle at strength 1. */
  const unit = new Float64Array(muscles.length * count);
  const shiftedUnit = new Float64Array(count);
  const trialWork = frames.trials.map(({ excitations }) => new Float64Array(excitations[0].length));
  const passiveIndex = parameters.findIndex((p) => p.kind === 'passive');
  const priorStart = count;
  const bandStart = count + parameters.length;
  const residualCount = bandStart + muscles.length * quantiles;
  const sampleLengths = muscles.map((_, m) => pickQuantiles(frames.lengths_m.subarray(m * count, (m + 1) * count)));
  const point = makeHillPoint();
  let cached: Float64Array | undefined;

  function calcNeuralInto(out: Float64Array, m: number, muscle: MuscleParameters): void {
    const filter = makeActivationFilter(muscle.activation, rate_Hz);
    frames.trials.forEach(({ excitations, used, start }, t) => {
      calcNeuralActivationInto(trialWork[t], filter, excitations[m]);
      for (let i = 0; i < used.length; i++) out[start + i] = trialWork[t][used[i]];
    });
  }

  function calcUnitInto(out: Float64Array, m: number, muscle: MuscleParameters, u: Float64Array): void {
    const model = hill.build({ ...muscle, strength: 1 });
    const { A } = muscle.activation;
    const offset = m * count;
    for (let i = 0; i < count; i++) {
      model.calcInto(point, calcActivation(u[i], A), frames.lengths_m[offset + i], frames.speeds_m_per_s[offset + i]);
      out[i] = point.force_N * frames.momentArms_m[offset + i];
    }
  }

  function calcBandInto(out: Float64Array, at: number, m: number, muscle: MuscleParameters): void {
    const model = hill.build(muscle);
    const scale = Math.sqrt(bandWeight / quantiles / muscles.length);
    sampleLengths[m].forEach((length_m, q) => {
      model.calcInto(point, 1, length_m, 0);
      const length = point.normalisedFibreLength;
      out[at + q] = scale * (Math.max(0, length - band[1]) + Math.min(0, length - band[0]));
    });
  }

  const part = (array: Float64Array, m: number) => array.subarray(m * count, (m + 1) * count);

  function evaluate(values: Float64Array): MuscleParameters[] {
    const applied = applyParameters(muscles, parameters, values);
    if (cached?.every((value, j) => value === values[j])) return applied;
    applied.forEach((muscle, m) => {
      calcNeuralInto(part(neural, m), m, muscle);
      calcUnitInto(part(unit, m), m, muscle, part(neural, m));
    });
    cached = values.slice();
    return applied;
  }

  return {
    residualCount,
    calcUnexplained: (residuals) => residuals.subarray(0, count).reduce((sum, r) => sum + r * r, 0),

    calcResidualsInto(out, values) {
      const applied = evaluate(values);
      const passive = passiveIndex < 0 ? 0 : values[passiveIndex];
      for (let i = 0; i < count; i++) out[i] = passive * frames.passive_Nm[i] - frames.torque_Nm[i];
      applied.forEach(({ strength }, m) => {
        const torque = part(unit, m);
        for (let i = 0; i < count; i++) out[i] += strength * torque[i];
      });
      for (let i = 0; i < count; i++) out[i] *= weights[i];
      parameters.forEach(({ weight, initial, lower, upper }, j) => {
        out[priorStart + j] = (Math.sqrt(weight) * (values[j] - initial)) / (upper - lower);
      });
      applied.forEach((muscle, m) => {
        calcBandInto(out, bandStart + m * quantiles, m, muscle);
      });
    },

    calcJacobianInto(out, values, residuals) {
      const applied = evaluate(values);
      out.fill(0);
      const shiftedValues = values.slice();
      parameters.forEach(({ kind, muscles: members, weight, lower, upper }, j) => {
        const column = out.subarray(j * residualCount, (j + 1) * residualCount);
        if (kind === 'passive') column.set(frames.passive_Nm);
        else if (kind === 'strength')
          for (const m of members) {
            const torque = part(unit, m);
            for (let i = 0; i < count; i++) column[i] += torque[i];
          }
        else {
          const size = 1e-6 * (upper - lower);
          const step = values[j] + size <= upper ? size : -size;
          shiftedValues[j] = values[j] + step;
          const shifted = applyParameters(muscles, parameters, shiftedValues);
          shiftedValues[j] = values[j];
          const filters = kind === 'C1' || kind === 'C2' || kind === 'delay';
          for (const m of members) {
            if (filters) calcNeuralInto(shiftedNeural, m, shifted[m]);
            calcUnitInto(shiftedUnit, m, shifted[m], filters ? shiftedNeural : part(neural, m));
            const torque = part(unit, m);
            const factor = applied[m].strength / step;
            for (let i = 0; i < count; i++) column[i] += factor * (shiftedUnit[i] - torque[i]);
            const at = bandStart + m * quantiles;
            calcBandInto(column, at, m, shifted[m]);
            for (let q = at; q < at + quantiles; q++) column[q] = (column[q] - residuals[q]) / step;
          }
        }
        for (let i = 0; i < count; i++) column[i] *= weights[i];
        column[priorStart + j] = Math.sqrt(weight) / (upper - lower);
      });
    },
  };
}

/** Evenly spread quantiles (10 % … 90 %) of the values. */
function pickQuantiles(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  return Float64Array.from(
    { length: quantiles },
    (_, q) => sorted[Math.round(((q + 1) / (quantiles + 1)) * (sorted.length - 1))],
  );
}
