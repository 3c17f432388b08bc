import {
  countWindowSamples,
  type EstimatorSpec,
  findBase,
  listSequences,
  listWindowFrames,
  locateWindow,
  makeWindowSet,
  type NetworkKind,
  networkKinds,
  predictLaggedRidge,
  seesForces,
} from '../estimator/index.js';
import type { WindowSet } from '../learn/index.js';
import type { StudyEnvironment } from './environment.js';
import { fitParticipant, type ParticipantFit } from './fit-participant.js';
import { type GroupData, makeTables, prepareGroup } from './group-data.js';
import { loadStudy } from './load.js';
import { splitWithin, type TrialPart } from './parts.js';
import { makePreparation, type PreparedPart } from './preparation.js';
import type { Study } from './schema.js';
import { Tasks } from './tasks.js';
import { calcStride } from './train-network.js';

/** What one kind of model is trained on and tested on, for one participant. */
export interface NetworkData {
  /** Names of the inputs, in order. */
  readonly inputs: readonly string[];
  /** Frames of a window. */
  readonly window: number;
  /** Labels are the torque in N·m/kg, or what the base leaves of it. */
  readonly train: WindowSet;
  readonly validation: WindowSet;
  readonly test: readonly TestWindows[];
}

/** The windows of one test part: every frame that has a whole window. Arrays have one value per window. */
export interface TestWindows {
  readonly activity: string;
  readonly trial: string;
  readonly windows: Pick<WindowSet, 'sequences' | 'sequence' | 'end'>;
  readonly times_s: Float64Array;
  /** N·m/kg. */
  readonly measured: Float64Array;
  /** To be added to the network's output; zero where it predicts the torque itself. */
  readonly base_Nm_per_kg: Float64Array;
  /** 1 where the label holds: the frames that a study's errors are taken over. */
  readonly compared: Uint8Array;
}

export interface ParticipantNetworkData {
  readonly participant: string;
  readonly mass_kg: number;
  readonly spec: EstimatorSpec;
  readonly kinds: Readonly<Record<NetworkKind, NetworkData>>;
}

/**
 * The windows that `runStudy` trains and tests the networks of each participant on (protocol `within`), for experiments with other
 * networks on the very same splits. Muscles are calibrated, or found calibrated, as there. Nothing of the test parts enters training and
 * validation windows.
 * @throws GenuError for anything in the study or its files that cannot work
 */
export async function prepareNetworkData(
  study: Study,
  environment: StudyEnvironment,
): Promise<ParticipantNetworkData[]> {
  const tasks = new Tasks(environment.store, environment.code_key);
  const loaded = loadStudy(study, environment);
  const { people, recordings } = loaded;
  const preparation = makePreparation(study, loaded);
  const split = splitWithin(recordings, study.split);
  const prepared: ParticipantNetworkData[] = [];
  for (const person of people) {
    const { id, mass_kg } = person.participant;
    const own = (parts: readonly TrialPart[]) => parts.filter(({ participant }) => participant.id === id);
    const fit = await fitParticipant(
      study,
      person,
      own(split.training),
      preparation,
      tasks,
      environment,
      environment.onProgress,
    );
    const group = prepareGroup(study, [fit]);
    const test = own(split.test).map((part) => prepareTest(preparation.prepare(part), fit, group));
    const kinds = networkKinds.map((kind) => [kind, makeNetworkData(study, kind, group, test)] as const);
    prepared.push({
      participant: id,
      mass_kg,
      spec: group.spec,
      kinds: Object.fromEntries(kinds) as Record<NetworkKind, NetworkData>,
    });
  }
  return prepared;
}

function prepareTest(part: PreparedPart, { fitted, person }: ParticipantFit, group: GroupData) {
  const { prepared, label, usable, activity, source } = part;
  return {
    activity,
    trial: source.trial.id,
    prepared,
    label,
    usable,
    ...makeTables(prepared, fitted, person.knee, group),
  };
}

function makeNetworkData(
  study: Study,
  kind: NetworkKind,
  { spec, framesOf, weights, ridge }: GroupData,
  test: readonly ReturnType<typeof prepareTest>[],
): NetworkData {
  const frames = framesOf(kind);
  const stride = calcStride(study);
  return {
    inputs: frames[0].table.names,
    window: countWindowSamples(spec.window),
    train: makeWindowSet(frames, 'training', spec.window, stride, weights),
    validation: makeWindowSet(frames, 'validation', spec.window, stride, weights),
    test: test.map(({ activity, trial, prepared, label, usable, plain, full, nms_Nm_per_kg }): TestWindows => {
      const table = seesForces(kind) ? full : plain;
      // Models are compared on the frames that all of them predict: those with all inputs.
      const chosen = listWindowFrames(full, spec.window);
      const places = chosen.map((frame) => locateWindow(frame, spec.window));
      const base = {
        ridge: () => predictLaggedRidge(ridge, plain, plain.names.length, chosen, spec),
        nms: () => nms_Nm_per_kg,
        none: () => new Float64Array(table.frames),
      }[findBase(kind) ?? 'none']();
      const pick = (series: Float64Array) => Float64Array.from(chosen, (frame) => series[frame]);
      return {
        activity,
        trial,
        windows: {
          sequences: listSequences(table, spec.window.step),
          sequence: Int32Array.from(places, ({ sequence }) => sequence),
          end: Int32Array.from(places, ({ end }) => end),
        },
        times_s: pick(prepared.times_s),
        measured: pick(label),
        base_Nm_per_kg: pick(base),
        compared: Uint8Array.from(chosen, (frame) => (usable[frame] && Number.isFinite(label[frame]) ? 1 : 0)),
      };
    }),
  };
}
