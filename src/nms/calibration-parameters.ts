import { GenuError } from '../data/index.js';
import type { MuscleParameters } from './muscles.js';

export type ParameterKind = 'strength' | 'tendon' | 'fibre' | 'A' | 'C1' | 'C2' | 'delay' | 'passive';

/** One number that calibration may change. */
export interface CalibrationParameter {
  /** For people, e.g. `strength, quadriceps`. */
  readonly name: string;
  readonly kind: ParameterKind;
  /** The muscle group, the muscle, or `all`. */
  readonly group: string;
  /** Indices of the muscles it acts on. */
  readonly muscles: readonly number[];
  readonly initial: number;
  readonly lower: number;
  readonly upper: number;
  /** Prior: weight · ((value − initial)/(upper − lower))² is added to the cost. */
  readonly weight: number;
}

export type Bounds = Readonly<Record<ParameterKind, readonly [number, number]>>;
export type Weights = Readonly<Record<ParameterKind, number>>;

/**
 * CEINMS's calibration bounds (Pizzolato et al. 2015; C1, C2, A and strength as in its manual; fibre length as in CEINMS-RT). Tendon and fibre are factors
 * on the model's lengths, delay is in seconds, passive is the factor on the published passive knee torque.
 */
export const defaultBounds: Bounds = {
  strength: [0.5, 2.5],
  tendon: [0.85, 1.15],
  fibre: [0.975, 1.025],
  A: [-2.999, -0.001],
  C1: [-0.95, -0.05],
  C2: [-0.95, -0.05],
  delay: [0, 0.12],
  passive: [0, 2],
};

/**
 * Weights of the priors, ours, in the manner of the deviation penalties of the NMSM Pipeline. The data term of the cost is the unexplained share of
 * the torque's variance, so a weight of 0.01 says that crossing the whole range is worth 1 % of the variance. The lengths weigh more because
 * knee torque alone hardly tells them from strength.
 */
export const defaultWeights: Weights = {
  strength: 1e-4,
  tendon: 1e-2,
  fibre: 1e-2,
  A: 1e-4,
  C1: 1e-4,
  C2: 1e-4,
  delay: 1e-4,
  passive: 1e-4,
};

/** Over which muscles tendon, fibre and shape parameters are shared. */
export interface Sharing {
  readonly tendon: 'group' | 'muscle';
  readonly fibre: 'group' | 'muscle';
  readonly A: 'group' | 'all';
}

const labels: Readonly<Record<ParameterKind, string>> = {
  strength: 'strength',
  tendon: 'tendon slack length factor',
  fibre: 'optimal fibre length factor',
  A: 'shape A',
  C1: 'filter C1',
  C2: 'filter C2',
  delay: 'electromechanical delay',
  passive: 'passive knee torque factor',
};

/**
 * The parameters to calibrate, each starting from the mean of its muscles' present values, held within the bounds.
 * @param groupOf the group of each muscle, in the muscles' order; undefined for a muscle that is left as it is
 * @throws GenuError when bounds cross or a weight is negative
 */
export function buildParameters(
  muscles: readonly MuscleParameters[],
  groupOf: readonly (string | undefined)[],
  sharing: Sharing,
  bounds: Bounds,
  weights: Weights,
  passive: number | undefined,
): CalibrationParameter[] {
  for (const kind of Object.keys(labels) as ParameterKind[]) {
    const [lower, upper] = bounds[kind];
    if (!(lower < upper && weights[kind] >= 0))
      throw new GenuError(`bounds [${lower}, ${upper}] with weight ${weights[kind]} cannot be used.`, {
        where: `calibration of ${labels[kind]}`,
        mend: 'The lower bound must be below the upper, and the weight 0 or more.',
      });
  }
  const everyone = muscles.flatMap((_, m) => (groupOf[m] === undefined ? [] : [m]));
  const parameters: CalibrationParameter[] = [];
  const add = (kind: ParameterKind, group: string, members: readonly number[], start: number) => {
    const [lower, upper] = bounds[kind];
    const initial = Math.min(upper, Math.max(lower, start));
    const name = group === 'all' ? labels[kind] : `${labels[kind]}, ${group}`;
    parameters.push({ name, kind, group, muscles: members, initial, lower, upper, weight: weights[kind] });
  };
  const addEach = (kind: ParameterKind, share: 'group' | 'muscle' | 'all', start: (m: MuscleParameters) => number) => {
    const labelOf = (m: number) => (share === 'all' ? 'all' : share === 'muscle' ? muscles[m].name : groupOf[m]!);
    for (const group of new Set(everyone.map(labelOf))) {
      const members = everyone.filter((m) => labelOf(m) === group);
      add(kind, group, members, members.reduce((sum, m) => sum + start(muscles[m]), 0) / members.length);
    }
  };
  addEach('strength', 'group', (m) => m.strength);
  addEach('tendon', sharing.tendon, () => 1);
  addEach('fibre', sharing.fibre, () => 1);
  addEach('A', sharing.A, (m) => m.activation.A);
  addEach('C1', 'all', (m) => m.activation.C1);
  addEach('C2', 'all', (m) => m.activation.C2);
  addEach('delay', 'all', (m) => m.activation.delay_s);
  if (passive !== undefined) add('passive', 'all', [], passive);
  return parameters;
}

/** The muscles with the calibrated numbers put in; a muscle that no parameter acts on stays as it is. */
export function applyParameters(
  muscles: readonly MuscleParameters[],
  parameters: readonly CalibrationParameter[],
  values: ArrayLike<number>,
): MuscleParameters[] {
  return muscles.map((muscle, m) => {
    if (!parameters.some((p) => p.muscles.includes(m))) return muscle;
    const value = (kind: ParameterKind): number =>
      values[parameters.findIndex((p) => p.kind === kind && p.muscles.includes(m))];
    return {
      ...muscle,
      strength: value('strength'),
      tendon_slack_length_m: muscle.tendon_slack_length_m * value('tendon'),
      optimal_fibre_length_m: muscle.optimal_fibre_length_m * value('fibre'),
      activation: { A: value('A'), C1: value('C1'), C2: value('C2'), delay_s: value('delay') },
    };
  });
}
