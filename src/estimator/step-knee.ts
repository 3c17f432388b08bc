import { buildMusclePlan, makeFrameSolver } from '../body/index.js';
import { GenuError } from '../data/index.js';
import {
  type ExcitationMap,
  type MuscleSolverState,
  makeMuscleFrameResult,
  makeMuscleSolver,
  mixExcitationsInto,
  startMuscleSolver,
  stepMuscles,
} from '../nms/index.js';
import { type DerivativeState, makeDerivativeState, stepDerivative } from '../signal/index.js';
import type { Person } from './bundle.js';
import { calcTorqueSign, type KneeBody } from './knee.js';
import type { EstimatorSpec } from './spec.js';

/** Muscle geometry and muscles of one person, frame by frame: what `prepareTrial` with causal filters and `solveKnee` give for a trial. */
export interface KneeStepper {
  readonly notes: readonly string[];
  start(): KneeStepState;
  /**
   * Takes one frame and moves `state` on. A missing input (NaN) gives NaN.
   * @param envelopes divided by their maxima, per channel of the spec
   * @param angles rad or m, per coordinate
   * @returns overwritten by the next call
   */
  step(state: KneeStepState, envelopes: Float64Array, angles: Float64Array): KneeFrame;
}

/** Where a stepper stands: plain data that can be copied and continued. */
export interface KneeStepState {
  readonly derivatives: readonly DerivativeState[];
  readonly muscles: MuscleSolverState;
}

export interface KneeFrame {
  /** Per coordinate, rad/s or m/s. */
  readonly speeds: Float64Array;
  /** Per muscle. */
  readonly activations: Float64Array;
  readonly forces_N: Float64Array;
  /** In the direction that the spec calls positive. */
  torque_Nm_per_kg: number;
}

/** Coordinates that the muscles of a knee depend on and that no other coordinate sets, the knee's own among them. */
export function listKneeCoordinates(knee: KneeBody): string[] {
  const { coordinates, couplers } = buildMusclePlan(knee.body, knee.muscles, [knee.coordinate]);
  return coordinates.filter((_, i) => couplers.every(({ dependent }) => dependent !== i));
}

/**
 * Joins muscle geometry, electrodes and muscles of one person into a stepper; memory is set aside here once.
 * @param coordinates what `step` will be given, in its order
 * @throws GenuError when the knee is not among the coordinates
 */
export function makeKneeStepper(
  knee: KneeBody,
  person: Person,
  excitations: ExcitationMap,
  spec: EstimatorSpec,
  coordinates: readonly string[],
): KneeStepper {
  const { rate_Hz } = spec;
  const plan = buildMusclePlan(knee.body, knee.muscles, [knee.coordinate]);
  const kneeAt = coordinates.indexOf(knee.coordinate);
  if (kneeAt < 0) {
    throw new GenuError(`the coordinates lack "${knee.coordinate}".`, { mend: `They are ${coordinates.join(', ')}.` });
  }
  /** Where each coordinate of the plan comes from; −1 where it stays at its default. */
  const source = plan.coordinates.map((name) => coordinates.indexOf(name));
  const fixed = listKneeCoordinates(knee).filter((name) => !coordinates.includes(name));
  const solver = makeMuscleSolver({
    muscles: person.muscles,
    rate_Hz,
    passive: { positive: knee.positive, scale: person.passive_scale },
  });
  const geometry = makeFrameSolver(plan);
  const q = Float64Array.from(plan.defaults);
  const rate = new Float64Array(q.length);
  const count = person.muscles.length;
  const numbers = () => new Float64Array(count);
  const frame = {
    excitations: numbers(),
    lengths_m: geometry.lengths_m,
    speeds_m_per_s: geometry.rates,
    momentArms_m: numbers(),
    kneeAngle_rad: 0,
  };
  const result = makeMuscleFrameResult(count);
  const out: KneeFrame = {
    speeds: new Float64Array(coordinates.length),
    activations: result.activations,
    forces_N: result.forces_N,
    torque_Nm_per_kg: 0,
  };
  const factor = calcTorqueSign(knee, spec) / person.mass_kg;

  return {
    notes: fixed.length > 0 ? [`Coordinates that are not given stay at the model's default: ${fixed.join(', ')}.`] : [],
    start: () => ({ derivatives: coordinates.map(makeDerivativeState), muscles: startMuscleSolver(solver) }),
    step(state, envelopes, angles) {
      for (let i = 0; i < angles.length; i++) out.speeds[i] = stepDerivative(state.derivatives[i], angles[i], rate_Hz);
      for (let i = 0; i < q.length; i++) {
        if (source[i] < 0) continue;
        q[i] = angles[source[i]];
        rate[i] = out.speeds[source[i]];
      }
      geometry.solve(q);
      geometry.calcMomentArms(0);
      frame.momentArms_m.set(geometry.rates);
      geometry.calcSpeeds(rate);
      mixExcitationsInto(frame.excitations, excitations, envelopes);
      frame.kneeAngle_rad = angles[kneeAt];
      stepMuscles(result, solver, state.muscles, frame);
      out.torque_Nm_per_kg = factor * result.torque_Nm;
      return out;
    },
  };
}
