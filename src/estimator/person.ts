import { trimModel } from '../body/index.js';
import { GenuError, type ModelDescription, type MuscleDescription } from '../data/index.js';
import {
  buildExcitationMap,
  calcExcitations,
  type ExcitationMap,
  type MuscleParameters,
  type SolverCounts,
  solveMuscles,
} from '../nms/index.js';
import type { Person } from './bundle.js';
import { calcTorqueSign, type KneeBody } from './knee.js';
import type { PreparedTrial } from './prepare.js';
import type { EstimatorSpec } from './spec.js';

/** What the solver makes of one trial, per muscle of the knee; NaN where an input is missing. */
export interface KneeSolution {
  readonly activations: readonly Float64Array[];
  readonly forces_N: readonly Float64Array[];
  /** In the direction that the spec calls positive. */
  readonly torque_Nm_per_kg: Float64Array;
  readonly notes: readonly string[];
}

/** Which electrode drives which muscle. */
export function buildExcitations(muscles: readonly string[], spec: EstimatorSpec): ExcitationMap {
  const channels = spec.emg.channels.map(({ muscle }) => muscle);
  const map = buildExcitationMap(muscles, channels);
  const driving = new Set(map.entries.flatMap(({ from }) => from.map(({ channel }) => channel)));
  const idle = channels.filter((channel) => !driving.has(channel));
  if (idle.length === 0) return map;
  return {
    ...map,
    notes: [
      ...map.notes,
      `${idle.join(', ')}: no muscle about ${spec.torque.coordinate}; ridge and networks see the EMG, the solver does not.`,
    ],
  };
}

/** Runs the solver with a person's muscles. `envelopes` are divided by their maxima. */
export function solveKnee(
  prepared: PreparedTrial,
  envelopes: readonly Float64Array[],
  person: Person,
  excitations: ExcitationMap,
  knee: KneeBody,
  spec: EstimatorSpec,
): KneeSolution {
  const channels = spec.emg.channels.map(({ muscle }, c) => ({ name: muscle, values: envelopes[c] }));
  const { activations, forces_N, torque_Nm, counts } = solveMuscles({
    muscles: person.muscles,
    excitations: calcExcitations(excitations, channels),
    lengths_m: prepared.lengths_m,
    speeds_m_per_s: prepared.speeds_m_per_s,
    momentArms_m: prepared.moment_arms_m,
    rate_Hz: prepared.rate_Hz,
    passive: { angle_rad: getKneeAngle(prepared, knee), positive: knee.positive, scale: person.passive_scale },
  });
  const factor = calcTorqueSign(knee, spec) / person.mass_kg;
  return {
    activations,
    forces_N,
    torque_Nm_per_kg: torque_Nm.map((torque) => factor * torque),
    notes: describeCounts(counts, person.muscles, excitations, prepared.id),
  };
}

/** One sentence on what the solver met in muscles that are driven; empty when nothing is worth saying. */
function describeCounts(
  counts: SolverCounts,
  muscles: readonly MuscleParameters[],
  excitations: ExcitationMap,
  id: string,
): string[] {
  const kinds: [string, readonly number[]][] = [
    ['slack tendon', counts.slack],
    ['fibre length outside 0.4–1.6', counts.outsideLength],
    ['activation held at 1', counts.saturated],
  ];
  const said = kinds.flatMap(([what, frames]) => {
    const met = muscles.flatMap(({ name }, m) =>
      excitations.entries[m].from.length > 0 && frames[m] > 0.02 * counts.frames
        ? [`${name} ${Math.round((100 * frames[m]) / counts.frames)} %`]
        : [],
    );
    return met.length > 0 ? [`${what} (${met.join(', ')} of the frames)`] : [];
  });
  return said.length > 0 ? [`${id}: muscles out of their range: ${said.join('; ')}.`] : [];
}

/**
 * The knee angle itself, rad.
 * @throws GenuError when the motion does not have it
 */
export function getKneeAngle(prepared: PreparedTrial, knee: KneeBody): Float64Array {
  const angle = prepared.coordinates.get(knee.coordinate);
  if (angle) return angle;
  throw new GenuError(`the motion has no "${knee.coordinate}".`, {
    where: prepared.id,
    mend: `It has ${[...prepared.coordinates.keys()].join(', ')}.`,
  });
}

/**
 * EMG maxima of a person: the largest envelope over the given trials from each one's `from_s` on, per channel of the spec.
 * @throws GenuError naming a channel whose envelope never rises above zero there
 */
export function findEmgMaxima(
  trials: readonly PreparedTrial[],
  spec: EstimatorSpec,
  from_s: readonly number[],
): number[] {
  return spec.emg.channels.map(({ channel }, c) => {
    let maximum = 0;
    trials.forEach(({ envelopes, times_s }, t) => {
      for (let i = 0; i < times_s.length; i++)
        if (times_s[i] >= from_s[t] && envelopes[c][i] > maximum) maximum = envelopes[c][i];
    });
    if (maximum > 0) return maximum;
    throw new GenuError('its envelope never rises above zero, so it has no maximum to be divided by.', {
      where: `${trials.map(({ id }) => id).join('; ') || 'no trial'}: EMG channel "${channel}"`,
      mend: 'Check the electrode and what mask.skip_start_s leaves, or take the channel out of emg.channels.',
    });
  });
}

/** The average of several people: of EMG maxima and of each muscle parameter; the geometry is the first one's. */
export function averagePeople(people: readonly Person[]): Person {
  const mean = (pick: (person: Person) => number) =>
    people.reduce((sum, person) => sum + pick(person), 0) / people.length;
  return {
    mass_kg: mean((person) => person.mass_kg),
    geometry: people[0].geometry,
    passive_scale: mean((person) => person.passive_scale),
    emg_maxima: people[0].emg_maxima.map((_, c) => mean((person) => person.emg_maxima[c])),
    muscles: people[0].muscles.map((muscle, m): MuscleParameters => {
      const average = (pick: (muscle: MuscleParameters) => number) => mean((person) => pick(person.muscles[m]));
      return {
        ...muscle,
        max_isometric_force_N: average((x) => x.max_isometric_force_N),
        optimal_fibre_length_m: average((x) => x.optimal_fibre_length_m),
        tendon_slack_length_m: average((x) => x.tendon_slack_length_m),
        pennation_at_optimal_rad: average((x) => x.pennation_at_optimal_rad),
        strength: average((x) => x.strength),
        activation: {
          C1: average((x) => x.activation.C1),
          C2: average((x) => x.activation.C2),
          A: average((x) => x.activation.A),
          delay_s: average((x) => x.activation.delay_s),
        },
      };
    }),
  };
}

/** Somebody new, made from the average: forces in proportion to the mass, own EMG maxima where they are known. */
export function makePerson(
  anyone: Person,
  known: { mass_kg?: number | undefined; emg_maxima?: readonly number[] | undefined },
): Person {
  const mass_kg = known.mass_kg ?? anyone.mass_kg;
  return {
    ...anyone,
    mass_kg,
    emg_maxima: known.emg_maxima ?? anyone.emg_maxima,
    muscles: anyone.muscles.map((muscle) => ({
      ...muscle,
      max_isometric_force_N: (muscle.max_isometric_force_N * mass_kg) / anyone.mass_kg,
    })),
  };
}

/** A person's muscles beside those of that person's model as it was before calibration. */
export interface CalibratedMuscles {
  readonly person: Person;
  /** In the order of the person's muscles. */
  readonly uncalibrated: readonly MuscleDescription[];
}

/**
 * Somebody new whose own model is known: the model's muscles, changed as calibration changed those of the others on average. Lengths are
 * changed by the geometric mean of the others' factors, so that a long leg keeps long fibres; strength, activation and passive torque are
 * the others' mean. Forces are those of the new model. Nothing of the new person but the model, the mass and the EMG maxima is used.
 */
export function makeNewcomer(
  others: readonly CalibratedMuscles[],
  own: {
    readonly uncalibrated: readonly MuscleDescription[];
    readonly mass_kg: number;
    readonly emg_maxima: readonly number[];
    readonly geometry: string;
  },
): Person {
  const average = averagePeople(others.map(({ person }) => person));
  const factor = (m: number, pick: (muscle: Lengths) => number) =>
    Math.exp(
      others.reduce(
        (sum, { person, uncalibrated }) => sum + Math.log(pick(person.muscles[m]) / pick(uncalibrated[m])),
        0,
      ) / others.length,
    );
  return {
    ...average,
    mass_kg: own.mass_kg,
    emg_maxima: own.emg_maxima,
    geometry: own.geometry,
    muscles: average.muscles.map((muscle, m) => {
      const model = own.uncalibrated[m];
      return {
        ...muscle,
        max_isometric_force_N: model.max_isometric_force_N,
        optimal_fibre_length_m: model.optimal_fibre_length_m * factor(m, (x) => x.optimal_fibre_length_m),
        tendon_slack_length_m: model.tendon_slack_length_m * factor(m, (x) => x.tendon_slack_length_m),
        pennation_at_optimal_rad: model.pennation_at_optimal_rad,
      };
    }),
  };
}

type Lengths = Pick<MuscleDescription, 'optimal_fibre_length_m' | 'tendon_slack_length_m'>;

/** The part of a model that a bundle has to carry. */
export function trimGeometry(knee: KneeBody): ModelDescription {
  return trimModel(knee.description, { muscles: knee.muscles, coordinates: [knee.coordinate] });
}
