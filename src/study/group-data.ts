import {
  type Bundle,
  buildExcitations,
  calcActivityWeights,
  checkFrames,
  type EstimatorSpec,
  findBase,
  fitLaggedRidge,
  type InputTable,
  type KneeBody,
  makeInputs,
  type NetworkKind,
  normaliseEnvelopes,
  type Person,
  type PreparedTrial,
  predictOutOfFold,
  seesForces,
  solveKnee,
  splitPart,
  type TrainingFrames,
  takeResiduals,
} from '../estimator/index.js';
import type { Ridge } from '../learn/index.js';
import type { ParticipantFit } from './fit-participant.js';
import type { Study } from './schema.js';
import { makeSpec } from './spec.js';

/** The inputs of every model over one part, and what the solver says of it. */
export interface PartTables {
  /** Of ridge, its kin and the plain network. */
  readonly plain: InputTable;
  /** With muscle forces. */
  readonly full: InputTable;
  readonly nms_Nm_per_kg: Float64Array;
}

/** What a group of participants is trained on. */
export interface GroupData {
  readonly spec: EstimatorSpec;
  readonly muscles: readonly string[];
  readonly excitations: Bundle['excitations'];
  /** The frames that every model learns from, with the inputs of ridge and its kin. */
  readonly frames: readonly TrainingFrames[];
  /** Weight of a frame by activity. */
  readonly weights: ReadonlyMap<string, number>;
  readonly ridge: Ridge;
  /** The same frames with the inputs of a network and, as labels, what it is to predict: the torque, or what its base leaves of it. */
  readonly framesOf: (kind: NetworkKind) => readonly TrainingFrames[];
  /** The same frames with the inputs of a network; labels are the torque. */
  readonly withInputs: (kind: NetworkKind) => readonly TrainingFrames[];
}

/** Brings the training parts of the given participants together, and fits the ridge that some networks build on. */
export function prepareGroup(study: Study, members: readonly ParticipantFit[]): GroupData {
  const spec = makeSpec(study);
  const [{ knee }] = members.map((member) => member.person);
  const excitations = buildExcitations(knee.muscles, spec);
  const shape = { spec, muscles: knee.muscles, excitations };
  const parts = members.flatMap((member) => getParts(study, member, shape));
  const tables = parts.map((part) => part.tables);
  const frames = parts.map((part) => part.frames);
  checkFrames(frames, spec.window);
  const weights = calcActivityWeights(frames, study.training.balance_activities);
  const ridge = fitLaggedRidge(frames, spec, weights);
  const withInputs = (kind: NetworkKind) =>
    seesForces(kind) ? frames.map((part, k) => ({ ...part, table: tables[k].full })) : frames;
  return {
    ...shape,
    frames,
    weights,
    ridge,
    withInputs,
    framesOf(kind) {
      const own = withInputs(kind);
      const base = findBase(kind);
      if (base === undefined) return own;
      return takeResiduals(
        own,
        base === 'nms'
          ? tables.map(({ nms_Nm_per_kg }) => nms_Nm_per_kg)
          : predictOutOfFold(frames, ridge.alpha, spec, weights),
      );
    },
  };
}

interface FittedPart {
  readonly tables: PartTables;
  /** With the inputs of the ridge. */
  readonly frames: TrainingFrames;
}

/** They depend on the participant's fit alone, so every fold that has it shares them. */
const partsOf = new WeakMap<ParticipantFit, readonly FittedPart[]>();

function getParts(
  study: Study,
  member: ParticipantFit,
  shape: Pick<Bundle, 'spec' | 'muscles' | 'excitations'>,
): readonly FittedPart[] {
  const known = partsOf.get(member);
  if (known) return known;
  const { window } = shape.spec;
  const parts = member.parts.map((part): FittedPart => {
    const tables = makeTables(part.prepared, member.fitted, member.person.knee, shape);
    const split = splitPart(part, tables.full, window, study.split.validation);
    // Every model learns from the very same frames: those that have all inputs.
    return { tables, frames: { ...split, table: tables.plain } };
  });
  partsOf.set(member, parts);
  return parts;
}

/** What `estimateTrial` makes of a trial before any model looks at it. */
export function makeTables(
  prepared: PreparedTrial,
  person: Person,
  knee: KneeBody,
  { spec, muscles, excitations }: Pick<Bundle, 'spec' | 'muscles' | 'excitations'>,
): PartTables {
  const envelopes = normaliseEnvelopes(prepared, person);
  const { forces_N, torque_Nm_per_kg } = solveKnee(prepared, envelopes, person, excitations, knee, spec);
  return {
    plain: makeInputs(prepared, envelopes, undefined, { spec, muscles }),
    full: makeInputs(prepared, envelopes, { forces_N, mass_kg: person.mass_kg }, { spec, muscles }),
    nms_Nm_per_kg: torque_Nm_per_kg,
  };
}
