import { GenuError } from '../data/index.js';
import type { Bundle, Person } from './bundle.js';
import { makeEmgInputs } from './emg-inputs.js';
import type { Estimator } from './estimator.js';
import { type BundleKind, seesForces } from './kinds.js';
import type { KneeBody } from './knee.js';
import { predictLaggedRidge } from './lagged.js';
import { type KneeSolution, makePerson, solveKnee } from './person.js';
import { predictModel, type WindowAttention } from './predict-model.js';
import { type Filters, type PreparedTrial, prepareTrial, type TrialRecordings } from './prepare.js';
import { listInputs } from './spec.js';
import { describeNovelty, flagNovelFrames } from './uncertainty.js';
import { type InputTable, listWindowFrames, makeInputTable } from './windows.js';

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
  /** Standard deviation over the networks of the bundle's ensemble: where it is large they disagree. Undefined where there is one or none. */
  readonly spread_Nm_per_kg: Float64Array | undefined;
  /**
   * Half-width of the margin that nine in ten validation frames kept, see `Uncertainty`: no promise for new recordings. Undefined for a
   * bundle without networks.
   */
  readonly half_width_Nm_per_kg: number | undefined;
  /** 1 where the window of a predicted frame is far from those of training; undefined where that is not known. */
  readonly novel: Uint8Array | undefined;
  /** Attention of the bundle's network over its window, per predicted frame; undefined where it has none. */
  readonly attention: WindowAttention | undefined;
  readonly notes: readonly string[];
}

/** What a trial gives before any model looks at it: the person, prepared channels, and what the solver says. */
export interface SolvedTrial {
  readonly person: Person;
  readonly prepared: PreparedTrial;
  /** Divided by the person's maxima. */
  readonly envelopes: readonly Float64Array[];
  readonly solution: KneeSolution;
  /** Of `findPerson`. */
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
  const notes: string[] = [];
  const person = findPerson(bundle, subject, notes);
  const prepared = prepareTrial(trial, bundle.spec, getKnee(estimator, person), filters);
  return estimateSolved(estimator, solveTrial(estimator, prepared, person, notes), activity);
}

/** Runs the solver on a prepared trial. Estimators of one group and one person share the result. */
export function solveTrial(
  estimator: Estimator,
  prepared: PreparedTrial,
  person: Person,
  notes: readonly string[] = [],
): SolvedTrial {
  const { spec, excitations } = estimator.bundle;
  const envelopes = normaliseEnvelopes(prepared, person);
  const solution = solveKnee(prepared, envelopes, person, excitations, getKnee(estimator, person), spec);
  return { person, prepared, envelopes, solution, notes };
}

/** The second half of `estimateTrial`: what the bundle's models make of a solved trial. */
export async function estimateSolved(
  estimator: Estimator,
  { person, prepared, envelopes, solution, notes }: SolvedTrial,
  activity?: string,
): Promise<Estimate> {
  const { bundle } = estimator;
  const { spec } = bundle;
  const table = makeInputs(
    prepared,
    envelopes,
    seesForces(bundle.kind) ? { forces_N: solution.forces_N, mass_kg: person.mass_kg } : undefined,
    bundle,
  );
  const frames = listWindowFrames(table, spec.window);
  const nms = solution.torque_Nm_per_kg;
  const torque: Partial<Record<BundleKind, Float64Array>> = {
    mean: nms.map(() => bundle.mean.by_activity[activity ?? ''] ?? bundle.mean.overall),
    ridge: predictLaggedRidge(bundle.ridge, table, listInputs(spec).length, frames, spec),
    nms,
  };
  const own = torque[bundle.kind] ? undefined : await predictModel(estimator, table, frames, nms);
  if (own) torque[bundle.kind] = own.torque;
  const novelty = bundle.uncertainty?.novelty;
  const novel = novelty ? flagNovelFrames(novelty, table, frames, spec) : undefined;
  const strange = novelty && novel ? describeNovelty(novelty, novel, frames, prepared.id) : [];
  return {
    times_s: prepared.times_s,
    mass_kg: person.mass_kg,
    torque_Nm_per_kg: torque,
    prepared,
    envelopes,
    activations: solution.activations,
    forces_N: solution.forces_N,
    spread_Nm_per_kg: own?.spread,
    half_width_Nm_per_kg: bundle.uncertainty?.margin.margin ?? undefined,
    novel,
    attention: own?.attention,
    notes: [...notes, ...strange, ...prepared.notes, ...solution.notes],
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
    ...makeEmgInputs(prepared, envelopes, spec),
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
