import { GenuError } from '../data/index.js';
import { type ForwardNetwork, predictWindows } from '../learn/index.js';
import type { Bundle, BundleKind, Person } from './bundle.js';
import type { KneeBody } from './knee.js';
import { makePerson, solveKnee } from './person.js';
import { type Filters, type PreparedTrial, prepareTrial, type TrialRecordings } from './prepare.js';
import { listInputs } from './spec.js';
import { predictLaggedRidge } from './training.js';
import { type InputTable, listSequences, listWindowFrames, locateWindow, makeInputTable } from './windows.js';

/** A bundle made ready to run. */
export interface Estimator {
  readonly bundle: Bundle;
  readonly knees: ReadonlyMap<string, KneeBody>;
  readonly networks: readonly ForwardNetwork[];
}

/** Whose recording it is: somebody the bundle knows, by id, or somebody new. */
export interface Subject {
  readonly id?: string | undefined;
  readonly mass_kg?: number | undefined;
  /** Divisors of the EMG envelopes, in the order of the channels, where they are known from this person's own maximal efforts. */
  readonly emg_maxima?: readonly number[] | undefined;
}

/** What an estimator makes of one trial; every series has one value per time stamp, NaN where there is none. */
export interface Estimate {
  readonly times_s: Float64Array;
  readonly mass_kg: number;
  /** N·m/kg, by model: the bundle's own and its baselines. */
  readonly torque_Nm_per_kg: Readonly<Partial<Record<BundleKind, Float64Array>>>;
  readonly prepared: PreparedTrial;
  /** EMG envelopes divided by their maxima, per channel of the spec. */
  readonly envelopes: readonly Float64Array[];
  /** Per muscle of the bundle. */
  readonly activations: readonly Float64Array[];
  readonly forces_N: readonly Float64Array[];
  /** Attention of the bundle's network over its window, per predicted frame. */
  readonly attention:
    | { readonly lag_s: readonly number[]; readonly frames: readonly number[]; readonly weights: Float32Array }
    | undefined;
  readonly notes: readonly string[];
}

/**
 * Recording in, knee torque out.
 * @param activity chooses the mean of the baseline `mean`; nothing else looks at it
 * @param options.filters `causal` gives what a stream of the same samples gives, see `live`
 * @throws GenuError when the recording lacks a channel or cannot be what it is said to be, or the subject cannot be one
 */
export async function estimateTrial(
  estimator: Estimator,
  trial: TrialRecordings,
  subject: Subject = {},
  activity?: string,
  { filters }: { readonly filters?: Filters } = {},
): Promise<Estimate> {
  const { bundle } = estimator;
  const { spec } = bundle;
  const notes: string[] = [];
  const person = findPerson(bundle, subject, notes);
  const knee = getKnee(estimator, person);
  const prepared = prepareTrial(trial, spec, knee, filters);
  const envelopes = normaliseEnvelopes(prepared, person);
  const solution = solveKnee(prepared, envelopes, person, bundle.excitations, knee, spec);
  const table = makeInputs(
    prepared,
    envelopes,
    bundle.kind === 'hybrid' ? { forces_N: solution.forces_N, mass_kg: person.mass_kg } : undefined,
    bundle,
  );
  const frames = listWindowFrames(table, spec.window);
  const nms = solution.torque_Nm_per_kg;
  const torque: Partial<Record<BundleKind, Float64Array>> = {
    mean: nms.map(() => bundle.mean.by_activity[activity ?? ''] ?? bundle.mean.overall),
    ridge: predictLaggedRidge(bundle.ridge, table, listInputs(spec).length, frames, spec),
    nms,
  };
  let attention: Estimate['attention'];
  if (bundle.network) {
    const predicted = await predictNetworks(estimator, table, frames);
    torque[bundle.kind] = predicted.torque;
    attention = predicted.attention;
  }
  return {
    times_s: prepared.times_s,
    mass_kg: person.mass_kg,
    torque_Nm_per_kg: torque,
    prepared,
    envelopes,
    activations: solution.activations,
    forces_N: solution.forces_N,
    attention,
    notes: [...notes, ...prepared.notes, ...solution.notes],
  };
}

/** Envelopes divided by the person's maxima. */
export function normaliseEnvelopes(prepared: PreparedTrial, person: Pick<Person, 'emg_maxima'>): Float64Array[] {
  return prepared.envelopes.map((envelope, c) => envelope.map((value) => value / person.emg_maxima[c]));
}

/** The inputs of ridge and networks; with `muscles`, whose forces enter per body mass, those of the hybrid network, which begin with the same ones. */
export function makeInputs(
  prepared: PreparedTrial,
  envelopes: readonly Float64Array[],
  muscles: { readonly forces_N: readonly Float64Array[]; readonly mass_kg: number } | undefined,
  { spec, muscles: names }: Pick<Bundle, 'spec' | 'muscles'>,
): InputTable {
  return makeInputTable(listInputs(spec, muscles ? names : []), [
    ...envelopes,
    ...prepared.angles,
    ...(spec.motion.speeds ? prepared.speeds : []),
    ...(muscles ? muscles.forces_N.map((force) => force.map((value) => value / muscles.mass_kg)) : []),
  ]);
}

/** The body of a person of the bundle. */
export function getKnee({ knees, bundle }: Estimator, { geometry }: Person): KneeBody {
  const knee = knees.get(geometry);
  if (knee) return knee;
  throw new GenuError(`the model has no geometry "${geometry}".`, {
    where: bundle.provenance.study,
    mend: 'Train it again; its parts do not fit together.',
  });
}

/**
 * The person that a subject is, or the average one made to fit; a note says which.
 * @throws GenuError for a mass or EMG maxima that nobody has
 */
export function findPerson(bundle: Bundle, subject: Subject, notes: string[]): Person {
  checkSubject(bundle, subject);
  const known = subject.id === undefined ? undefined : bundle.people[subject.id];
  if (known) return { ...known, ...(subject.emg_maxima ? { emg_maxima: subject.emg_maxima } : {}) };
  const who = subject.id === undefined ? 'Somebody' : `Participant "${subject.id}"`;
  notes.push(
    `${who} the model was not trained on: muscles are the average of its participants${subject.mass_kg ? ', forces scaled to the mass' : ''}` +
      `${subject.emg_maxima || !bundle.spec.emg.normalise ? '' : ', and EMG is divided by their average maxima, which other electrodes and skin will not match'}.`,
  );
  return makePerson(bundle.anyone, subject);
}

function checkSubject({ spec }: Bundle, { id, mass_kg, emg_maxima }: Subject): void {
  const where = id === undefined ? 'subject' : `participant "${id}"`;
  if (mass_kg !== undefined && !(mass_kg > 0 && Number.isFinite(mass_kg))) {
    throw new GenuError(`mass_kg is ${mass_kg}.`, { where, mend: 'Give the body mass in kg.' });
  }
  if (emg_maxima === undefined) return;
  const { channels } = spec.emg;
  if (emg_maxima.length !== channels.length || !emg_maxima.every((value) => value > 0 && Number.isFinite(value))) {
    throw new GenuError(`emg_maxima is [${emg_maxima.join(', ')}].`, {
      where,
      mend: `Give one positive number for each of ${channels.map(({ muscle }) => muscle).join(', ')}.`,
    });
  }
}

/** What the bundle's networks say at the given frames of a table; NaN elsewhere. */
export async function predictNetworks(
  { networks, bundle }: Estimator,
  table: InputTable,
  frames: readonly number[],
): Promise<{
  torque: Float64Array;
  attention: NonNullable<Estimate['attention']>;
}> {
  const { window, rate_Hz } = bundle.spec;
  const places = frames.map((frame) => locateWindow(frame, window));
  const windows = {
    sequences: listSequences(table, window.step),
    sequence: Int32Array.from(places, ({ sequence }) => sequence),
    end: Int32Array.from(places, ({ end }) => end),
  };
  const torque = new Float64Array(table.frames).fill(Number.NaN);
  let weights = new Float32Array(0);
  let steps = 0;
  for (const network of networks) {
    const { outputs, attention, attentionFrames } = await predictWindows(network, windows);
    frames.forEach((frame, k) => {
      torque[frame] = (Number.isNaN(torque[frame]) ? 0 : torque[frame]) + outputs[k] / networks.length;
    });
    if (weights.length === 0) weights = new Float32Array(attention.length);
    for (let k = 0; k < attention.length; k++) weights[k] += attention[k] / networks.length;
    steps = attentionFrames;
  }
  // A pooled step stands for `pool` samples, counted from the start of the window; its middle is what is shown.
  const { pool } = networks[0].config;
  const lag_s = Array.from(
    { length: steps },
    (_, k) => (-window.past + window.step * (k * pool + (pool - 1) / 2)) / rate_Hz,
  );
  return { torque, attention: { lag_s, frames, weights } };
}
