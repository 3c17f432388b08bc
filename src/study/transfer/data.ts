import {
  calcActivityWeights,
  type EstimatorSpec,
  findEmgMaxima,
  type InputTable,
  listSequences,
  listWindowFrames,
  locateWindow,
  makeInputs,
  normaliseEnvelopes,
  predictLaggedRidge,
  splitFrames,
  type TrainingFrames,
} from '../../estimator/index.js';
import type { FeatureWindows, Ridge } from '../../learn/index.js';
import { type PreparedPart, preparePart } from '../fit-participant.js';
import type { LoadedStudy } from '../load.js';
import { splitWithin, type TrialPart } from '../parts.js';
import type { Study } from '../schema.js';
import { makeSpec } from '../spec.js';
import { checkTransferParts, cutAdaptation } from './parts.js';

/** Frames to learn from, with the inputs of the plain network: EMG, angles and, where the study has them, speeds. */
export interface LearningData {
  readonly frames: readonly TrainingFrames[];
  /** Weight of a frame by activity. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Every frame of one test part that has a whole window. */
export interface TestData {
  readonly windows: FeatureWindows;
  /** N·m/kg per window; NaN where the label does not hold. */
  readonly measured: Float64Array;
  readonly mass_kg: number;
  predictRidge(ridge: Ridge): Float64Array;
}

export interface TransferData {
  readonly spec: EstimatorSpec;
  readonly sources: LearningData;
  /** For each number of seconds; test inputs differ by what EMG is divided by. */
  readonly targets: readonly {
    readonly adaptation_s: number;
    readonly learning: LearningData;
    readonly test: readonly TestData[];
  }[];
}

export interface TransferPeople {
  readonly target: string;
  readonly sources: readonly string[];
  readonly adaptation_s: readonly number[];
  /** Last share of the seconds of adaptation that is held out. */
  readonly validation: number;
}

/**
 * Cuts, prepares and windows everything that a comparison needs. EMG is divided by its greatest envelope in the parts that are
 * learned from, of each source and of the target: maximal efforts play no part, for a new participant need not have done any.
 * @throws GenuError where nothing is left to learn from, or a test part would be learned from
 */
export function prepareTransfer(
  study: Study,
  { people, recordings, hashes }: LoadedStudy,
  { target, sources, adaptation_s, validation }: TransferPeople,
  notes: string[],
): TransferData {
  const spec = makeSpec(study);
  const split = splitWithin(recordings, study.split);
  const own = (parts: readonly TrialPart[], id: string) => parts.filter(({ participant }) => participant.id === id);
  const prepare = (parts: readonly TrialPart[], id: string) => {
    const { knee } = people.find(({ participant }) => participant.id === id)!;
    return parts.map((part) => preparePart(study, part, knee, notes));
  };
  const sourceParts = sources.map((id) => ({ id, parts: own(split.training, id) }));
  const cuts = adaptation_s.map((seconds) =>
    cutAdaptation(own(split.training, target), seconds, study.mask.skip_start_s, notes),
  );
  const testParts = own(split.test, target);
  for (const adaptation of cuts) {
    checkTransferParts({ sources: sourceParts.flatMap(({ parts }) => parts), adaptation, test: testParts }, hashes);
  }

  const from = sourceParts.map(({ id, parts }) => {
    const prepared = prepare(parts, id);
    return { prepared, emg_maxima: findMaxima(study, spec, prepared) };
  });
  const test = prepare(testParts, target);
  return {
    spec,
    sources: makeLearningData(study, spec, from, study.split.validation),
    targets: cuts.map((parts, k) => {
      const prepared = prepare(parts, target);
      const emg_maxima = findMaxima(study, spec, prepared);
      return {
        adaptation_s: adaptation_s[k],
        learning: makeLearningData(study, spec, [{ prepared, emg_maxima }], validation),
        test: test.map((part) => makeTestData(part, emg_maxima, spec)),
      };
    }),
  };
}

function findMaxima(study: Study, spec: EstimatorSpec, parts: readonly PreparedPart[]): readonly number[] {
  if (!spec.emg.normalise) return spec.emg.channels.map(() => 1);
  return findEmgMaxima(
    parts.map(({ prepared }) => prepared),
    spec,
    parts.map(({ source }) => source.trial_start_s + study.mask.skip_start_s),
  );
}

const makeTable = ({ prepared }: PreparedPart, emg_maxima: readonly number[], spec: EstimatorSpec): InputTable =>
  makeInputs(prepared, normaliseEnvelopes(prepared, { emg_maxima }), undefined, { spec, muscles: [] });

function makeLearningData(
  study: Study,
  spec: EstimatorSpec,
  people: readonly { readonly prepared: readonly PreparedPart[]; readonly emg_maxima: readonly number[] }[],
  validation: number,
): LearningData {
  const parts = people.flatMap(({ prepared }) => prepared);
  const tables = people.flatMap(({ prepared, emg_maxima }) =>
    prepared.map((part) => makeTable(part, emg_maxima, spec)),
  );
  const frames = splitFrames(parts, tables, spec.window, validation);
  return { frames, weights: calcActivityWeights(frames, study.training.balance_activities) };
}

function makeTestData(part: PreparedPart, emg_maxima: readonly number[], spec: EstimatorSpec): TestData {
  const table = makeTable(part, emg_maxima, spec);
  const frames = listWindowFrames(table, spec.window);
  const places = frames.map((frame) => locateWindow(frame, spec.window));
  return {
    windows: {
      sequences: listSequences(table, spec.window.step),
      sequence: Int32Array.from(places, ({ sequence }) => sequence),
      end: Int32Array.from(places, ({ end }) => end),
    },
    measured: Float64Array.from(frames, (frame) => (part.usable[frame] ? part.label[frame] : Number.NaN)),
    mass_kg: part.source.participant.mass_kg,
    predictRidge(ridge) {
      const torque = predictLaggedRidge(ridge, table, table.names.length, frames, spec);
      return Float64Array.from(frames, (frame) => torque[frame]);
    },
  };
}
