import { GenuError } from '../data/index.js';
import {
  designCausalAngle,
  designCausalEmg,
  type Estimator,
  findPerson,
  getKnee,
  type KneeStepState,
  largest_angle_rad,
  listInputs,
  listKneeCoordinates,
  listWindowFrames,
  looksBack,
  makeKneeStepper,
  predictModel,
  type Subject,
  seesForces,
} from '../estimator/index.js';
import { calcLatency, type Latency } from './latency.js';
import { countWaiting, pushSample, type Stream, type StreamState, startStream, takeFrameInto } from './stream.js';
import { makeWindowState, pushRow, viewTable, type WindowState } from './window.js';

/** Whose signals they are, and how fast they come: a whole multiple of the model's common rate each. */
export interface LiveSettings extends Subject {
  readonly emg_rate_Hz: number;
  readonly motion_rate_Hz: number;
  /**
   * Coordinates that `pushMotion` gets, in its order. Default: those of the model's inputs and all that the muscles' paths depend on. The
   * results are those of training only if the recordings trained on had the same ones.
   */
  readonly coordinates?: readonly string[] | undefined;
}

/** One frame of the common rate. */
export interface LiveFrame {
  /** Counted from the first sample, which makes frame 0. */
  readonly frame: number;
  /** Of the frame's samples. The filters' share of `latency` is in the values: they are what the body did that much earlier. */
  readonly time_s: number;
  /**
   * What the bundle's model says, in the direction that its spec calls positive. Null until the window is full for the first time; NaN as
   * long as the window holds a missing input.
   */
  readonly torque_Nm_per_kg: number | null;
  readonly torque_Nm: number | null;
  /** What the muscles alone give, NaN where an input is missing. */
  readonly nms_torque_Nm_per_kg: number;
  readonly nms_torque_Nm: number;
  /** Per muscle of the bundle. */
  readonly activations: Float64Array;
  readonly forces_N: Float64Array;
}

/** Everything a live estimator remembers: plain data. `structuredClone` of it, taken between steps, continues elsewhere. */
export interface LiveState {
  readonly emg: StreamState;
  readonly motion: StreamState;
  readonly knee: KneeStepState;
  readonly window: WindowState;
  /** Results of the muscles that wait for the window's future: a ring of frames × (torque, activations, forces). */
  readonly muscles: Float64Array;
}

export interface LiveEstimator {
  /** What `pushEmg` gets a value of, in order: muscles of the spec. */
  readonly channels: readonly string[];
  /** What `pushMotion` gets a value of, in order. */
  readonly coordinates: readonly string[];
  /** Frames per second. */
  readonly rate_Hz: number;
  readonly mass_kg: number;
  /** How late a result is: `latency.total_s`. */
  readonly latency_s: number;
  readonly latency: Latency;
  /** Whether no result waits for later inputs. */
  readonly fitForRealTime: boolean;
  readonly notes: readonly string[];
  readonly state: LiveState;
  /**
   * One sample of every channel, in the unit of the EMG maxima (volts for raw EMG); NaN where it is missing. Ready envelopes are cut at 0.
   * @throws GenuError for another number of values, an "envelope" far below zero, or when `step` is not called for 10 s of samples
   */
  pushEmg(values: ArrayLike<number>): void;
  /**
   * One sample of every coordinate, rad or m; NaN where it is missing.
   * @throws GenuError for another number of values, degrees, or when `step` is not called for 10 s of samples
   */
  pushMotion(values: ArrayLike<number>): void;
  /**
   * Works off every frame that both streams have reached, in order. However samples are pushed and steps are called, the same samples give
   * the same frames. With `latency.window_s` above 0 the results are of frames that long ago.
   * @throws GenuError when a step before has not finished
   */
  step(): Promise<LiveFrame[]>;
}

/** What one stream may be ahead of the other, or of `step`. */
const backlog_s = 10;

/**
 * Makes an estimator that takes samples as they come and equals `estimateTrial` with causal filters frame by frame. Both streams begin at
 * the same instant. Memory is set aside here once; it does not grow.
 *
 * A bundle of a study with `filters: causal` was trained and tested on what it gets here. One of a study with zero-phase filters was not, which
 * is said in the notes: from causal inputs it predicts the torque of `latency_s` ago nearly as well, but not that of now, and a causal
 * envelope peaks some percent higher than the maxima it was trained with. `estimateTrial` with causal filters shows by how much on a recording.
 * @param state of an earlier estimator of the same bundle and settings, to go on from; it is changed
 * @throws GenuError for rates that are no whole multiple of the bundle's, or coordinates that the bundle needs, or a state that is not its own
 */
export function makeLiveEstimator(estimator: Estimator, settings: LiveSettings, state?: LiveState): LiveEstimator {
  const { bundle } = estimator;
  const { spec, kind } = bundle;
  const notes: string[] = [];
  const person = findPerson(bundle, settings, notes);
  const knee = getKnee(estimator, person);
  if (spec.filters === 'zero-phase') {
    notes.push(
      'The model was trained on zero-phase filters, which see the future; errors measured with them do not hold here. Train it with filters: causal.',
    );
  }
  if (spec.emg.inputs?.scale === 'recording_mean') {
    throw new GenuError(
      'the model divides EMG by the mean of the whole recording, whose end is not known in real time.',
      {
        where: bundle.provenance.study,
        mend: 'Train it with emg.inputs: { scale: maximum }.',
      },
    );
  }
  const coordinates = settings.coordinates ?? [...new Set([...spec.motion.coordinates, ...listKneeCoordinates(knee)])];
  const inputAt = spec.motion.coordinates.map((name) => findCoordinate(name, coordinates));
  const isAngle = coordinates.map((name) => knee.body.coordinates.get(name)?.motion !== 'translational');
  const stepper = makeKneeStepper(knee, person, bundle.excitations, spec, coordinates);
  notes.push(...stepper.notes);

  const capacity = Math.ceil(backlog_s * spec.rate_Hz);
  const emgFilter = designCausalEmg(spec, settings.emg_rate_Hz, 'emg_rate_Hz');
  const angleFilter = designCausalAngle(spec, settings.motion_rate_Hz, 'motion_rate_Hz');
  notes.push(...emgFilter.notes.map((note) => `EMG: ${note}`));
  const emg: Stream = {
    name: 'EMG',
    channels: spec.emg.channels.map(({ muscle }) => muscle),
    filters: spec.emg.channels.map(() => emgFilter),
    capacity,
  };
  const motion: Stream = {
    name: 'motion',
    channels: coordinates,
    filters: coordinates.map(() => angleFilter),
    capacity,
  };

  const windowed = looksBack(kind);
  const window = windowed ? spec.window : { past: 0, future: 0, step: 1 };
  const span = window.past + window.future;
  const names = listInputs(spec, seesForces(kind) ? bundle.muscles : []);
  const muscles = bundle.muscles.length;
  const kept = window.future + capacity;
  const fresh: LiveState = {
    emg: startStream(emg),
    motion: startStream(motion),
    knee: stepper.start(),
    window: makeWindowState(span + capacity, names.length),
    muscles: new Float64Array(kept * (1 + 2 * muscles)),
  };
  if (state) checkState(state, fresh);
  const current = state ?? fresh;
  const envelopes = new Float64Array(emg.channels.length);
  const angles = new Float64Array(coordinates.length);
  const row = new Float64Array(names.length);
  const power = spec.emg.inputs?.power ?? 1;

  /** Where the muscles' results of a frame begin in their ring. */
  const startOf = (frame: number) => (frame % kept) * (1 + 2 * muscles);

  /** Moves the muscles and the window on by one frame. */
  function takeFrame(): void {
    takeFrameInto(envelopes, emg, current.emg);
    for (let c = 0; c < envelopes.length; c++) envelopes[c] /= person.emg_maxima[c];
    takeFrameInto(angles, motion, current.motion);
    const { speeds, activations, forces_N, torque_Nm_per_kg } = stepper.step(current.knee, envelopes, angles);
    let at = 0;
    for (let c = 0; c < envelopes.length; c++) row[at++] = power === 1 ? envelopes[c] : envelopes[c] ** power;
    for (const i of inputAt) row[at++] = angles[i];
    if (spec.motion.speeds) for (const i of inputAt) row[at++] = speeds[i];
    if (seesForces(kind)) for (let m = 0; m < muscles; m++) row[at++] = forces_N[m] / person.mass_kg;
    const start = startOf(current.window.written);
    current.muscles[start] = torque_Nm_per_kg;
    current.muscles.set(activations, start + 1);
    current.muscles.set(forces_N, start + 1 + muscles);
    pushRow(current.window, row);
  }

  /** The model's torque at the newest frames: `span` frames that may be seen, then the ones that came. */
  async function predictNewest(frames: number): Promise<Float64Array | undefined> {
    if (!windowed) return undefined;
    const table = viewTable(current.window, names, frames);
    const nms = new Float64Array(frames).fill(Number.NaN);
    const first = current.window.written - frames;
    // Frames that left the ring were given out before.
    for (let k = Math.max(0, frames - kept); k < frames; k++) nms[k] = current.muscles[startOf(first + k)];
    return (await predictModel(estimator, table, listWindowFrames(table, window), nms)).torque;
  }

  async function takeFrames(): Promise<LiveFrame[]> {
    const ready = Math.min(countWaiting(current.emg), countWaiting(current.motion));
    if (ready === 0) return [];
    for (let k = 0; k < ready; k++) takeFrame();
    const { written } = current.window;
    const seen = Math.min(written, span + ready);
    const predicted = await predictNewest(seen);
    const results: LiveFrame[] = [];
    for (let newest = written - ready; newest < written; newest++) {
      const frame = newest - window.future;
      if (frame < 0) continue;
      const start = startOf(frame);
      const nms = current.muscles[start];
      const unwindowed = kind === 'mean' ? bundle.mean.overall : nms;
      const torque = predicted ? (newest < span ? null : predicted[frame - (written - seen)]) : unwindowed;
      results.push({
        frame,
        time_s: frame / spec.rate_Hz,
        torque_Nm_per_kg: torque,
        torque_Nm: torque === null ? null : torque * person.mass_kg,
        nms_torque_Nm_per_kg: nms,
        nms_torque_Nm: nms * person.mass_kg,
        activations: current.muscles.slice(start + 1, start + 1 + muscles),
        forces_N: current.muscles.slice(start + 1 + muscles, start + 1 + 2 * muscles),
      });
    }
    return results;
  }

  const centre_Hz = Math.sqrt(spec.emg.bandpass_Hz[0] * spec.emg.bandpass_Hz[1]);
  const latency = calcLatency(emgFilter, angleFilter, centre_Hz, window, spec.rate_Hz);
  let busy = false;
  return {
    channels: emg.channels,
    coordinates,
    rate_Hz: spec.rate_Hz,
    mass_kg: person.mass_kg,
    latency_s: latency.total_s,
    latency,
    fitForRealTime: window.future === 0,
    notes,
    state: current,
    pushEmg(values) {
      if (spec.emg.kind === 'envelope') checkEnvelopes(values, emg.channels, person.emg_maxima);
      pushSample(emg, current.emg, values);
    },
    pushMotion(values) {
      checkAngles(values, coordinates, isAngle);
      pushSample(motion, current.motion, values);
    },
    async step() {
      if (busy) {
        throw new GenuError('the step before has not finished.', {
          where: 'step',
          mend: 'Await it before the next one.',
        });
      }
      busy = true;
      try {
        return await takeFrames();
      } finally {
        busy = false;
      }
    },
  };
}

function checkState(given: LiveState, fresh: LiveState): void {
  const sizes = ({ emg, motion, window, muscles }: LiveState) =>
    [emg.frames, motion.frames, window.values, muscles].map(({ length }) => length).join();
  if (sizes(given) === sizes(fresh)) return;
  throw new GenuError('it is of another model or other settings.', {
    where: 'state',
    mend: 'Give the state of an estimator of the same bundle, participant and coordinates.',
  });
}

function findCoordinate(name: string, coordinates: readonly string[]): number {
  const at = coordinates.indexOf(name);
  if (at >= 0) return at;
  throw new GenuError(`the model's inputs need "${name}".`, {
    where: 'coordinates',
    mend: `Add it to ${coordinates.join(', ')}.`,
  });
}

/** The same bound as `clipEnvelope`: further below zero than overshoot of a filter. */
function checkEnvelopes(values: ArrayLike<number>, channels: readonly string[], maxima: readonly number[]): void {
  for (let c = 0; c < channels.length; c++) {
    if (values[c] >= -maxima[c] / 2 || !Number.isFinite(values[c])) continue;
    throw new GenuError(`${channels[c]} is ${values[c].toPrecision(3)}: the model wants envelopes, not raw EMG.`, {
      where: 'EMG',
      mend: 'Rectify and smooth it as the recordings the model was trained on.',
    });
  }
}

function checkAngles(values: ArrayLike<number>, coordinates: readonly string[], isAngle: readonly boolean[]): void {
  for (let i = 0; i < coordinates.length; i++) {
    if (!isAngle[i] || !(Math.abs(values[i]) > largest_angle_rad) || !Number.isFinite(values[i])) continue;
    throw new GenuError(`${coordinates[i]} is ${values[i].toFixed(0)} rad: these are degrees, or it is no angle.`, {
      where: 'motion',
      mend: 'Give angles in radians.',
    });
  }
}
