import { z } from 'zod';
import { type BundleKind, modelKinds } from '../estimator/index.js';
import { network } from './schema-network.js';

/**
 * The one file that describes a study. Every field's description is what an editor shows (schema/study.schema.json is made from here).
 * Paths are relative to the data root: the folder of the study file, or `--data`.
 */

const name = z
  .string()
  .min(1)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._+-]*$/,
    'use letters, digits, ".", "_", "+" or "-", beginning with a letter or digit',
  );

const lowpass = (fallback: number, what: string) =>
  z
    .number()
    .positive()
    .nullable()
    .default(fallback)
    .describe(`${what} Zero-lag 4th-order Butterworth (2nd order, forward and backward). null: no filter.`);

const files = z
  .strictObject({
    emg: z.string().min(1).describe('File with the EMG channels.'),
    motion: z.string().min(1).describe('File with the joint angles.'),
    moments: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File with the inverse-dynamics moments: the label. Needed for training and evaluation, not for prediction.',
      ),
    ground: z
      .string()
      .min(1)
      .optional()
      .describe('File with ground reaction forces; used by mask.cross_steps and cycle only.'),
  })
  .describe('Where a trial is, relative to the data root. {participant}, {trial} and {activity} are filled in.');

const trial = z.strictObject({
  id: name.describe('Name of the trial, unique within its participant.'),
  activity: name.describe('What was done, e.g. walk, run, squat. Results are given per activity.'),
  use: z
    .enum(['study', 'maximum'])
    .default('study')
    .describe(
      'study: train and test on it. maximum: a maximal-effort (MVC) trial: for the EMG maxima and, where it has moments, for the calibration of the muscles; never trained or tested on.',
    ),
  files: files.partial().optional().describe("This trial's own files, where they differ from the study's."),
});

const participant = z.strictObject({
  id: name.describe('Code of the participant, unique in the study. Use a pseudonym.'),
  mass_kg: z.number().min(5).max(400).describe('Body mass in kg; torques are divided by it.'),
  height_m: z.number().min(0.4).max(2.6).optional().describe('Body height in m; scales the generic leg.'),
  model: z.string().optional().describe("This participant's own scaled OpenSim model, relative to the data root."),
  trials: z.array(trial).min(1),
});

const emg = z.strictObject({
  kind: z
    .enum(['raw', 'envelope'])
    .describe('raw: surface EMG as recorded (V). envelope: already rectified and low-passed, in any unit.'),
  channels: z
    .record(z.string(), z.string())
    .describe(
      'Muscle measured: name of its channel in the file, e.g. vas_lat_r: vaslat. Muscle names are those of the model. Order is kept.',
    ),
  bandpass_Hz: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([30, 450])
    .describe(
      'Raw EMG: band-pass (Hz) before rectification; where its upper edge comes near half the sampling rate, only the lower one is used.',
    ),
  lowpass_Hz: z
    .number()
    .positive()
    .default(6)
    .describe(
      'Raw EMG: low-pass (Hz) of the rectified signal, which makes the envelope. Zero-lag 4th-order Butterworth.',
    ),
  maximum: z
    .enum(['training', 'maximum_trials', 'none'])
    .default('training')
    .describe(
      "What an envelope is divided by. training: its maximum in the participant's training trials. maximum_trials: its maximum in the trials with use: maximum. none: nothing (ready envelopes that are already between 0 and 1). Test trials never enter.",
    ),
});

const motion = z.strictObject({
  coordinates: z
    .array(z.string())
    .min(1)
    .describe(
      'Joint angles given to ridge and network, by their names in the motion file (degrees or radians as its header says).',
    ),
  speeds: z.boolean().default(true).describe('Give the angular velocities too.'),
  lowpass_Hz: lowpass(10, 'Low-pass (Hz) of the angles, before velocities are taken.'),
  unit: z
    .enum(['header', 'deg', 'rad'])
    .default('header')
    .describe('Unit of the angles in the file. header: as inDegrees says. deg or rad: the header is wrong or silent.'),
});

const torque = z.strictObject({
  coordinate: z.string().default('knee_angle_r').describe('Coordinate of the model that the torque acts about.'),
  channel: z.string().default('knee_angle_r_moment').describe('Channel of the moments file.'),
  unit: z.enum(['N.m', 'N.m/kg', 'N.mm', 'N.mm/kg']).default('N.m').describe('Unit of that channel in the file.'),
  positive: z
    .enum(['extension', 'flexion'])
    .describe('What a positive moment does in the file. OpenSim knee models: extension. Never guessed.'),
  lowpass_Hz: lowpass(6, 'Low-pass (Hz) of the label.'),
});

const mask = z.strictObject({
  skip_start_s: z
    .number()
    .min(0)
    .default(0)
    .describe('Seconds at the start of every trial that are neither trained nor tested on.'),
  residual: z
    .strictObject({
      channels: z.array(z.string()).min(1).describe('Residual forces in the moments file, e.g. pelvis_tx_force.'),
      above_N: z.number().positive().describe('Frames whose residual, as a vector, is longer than this are masked.'),
    })
    .optional()
    .describe('Mask frames where inverse dynamics itself is off, seen by large residual forces at the pelvis.'),
  cross_steps: z
    .strictObject({
      left: z.string().describe('Vertical force under the left belt (channel of files.ground).'),
      right: z.string().describe('Vertical force under the right belt.'),
      above_N: z.number().positive().default(20).describe('A belt is loaded above this force.'),
      pad_s: z.number().min(0).default(0.08).describe('Seconds masked before and after each cross-step.'),
    })
    .optional()
    .describe(
      'Mask steps on the wrong belt of a split-belt treadmill, where forces of one foot are given to the other. Both belts loaded for more than 1.5 times the median double support; in running (both unloaded more than 5 % of the time) both belts loaded at all.',
    ),
});

const cycle = z.strictObject({
  channel: z
    .string()
    .describe('Channel that tells the cycle: a coordinate of the motion file, or a force of files.ground.'),
  start: z
    .enum(['maximum', 'minimum', 'rise'])
    .default('maximum')
    .describe(
      'A cycle starts at each maximum (or minimum) of that channel, e.g. of hip flexion just before heel strike; rise: each time it rises through `above`, e.g. the vertical force at heel strike.',
    ),
  above: z.number().default(20).describe('Level for start: rise, in SI units (N for a force).'),
  shortest_s: z.number().positive().default(0.5).describe('Shortest time between two starts.'),
});

const split = z
  .strictObject({
    train_first: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe(
        'Train on this first share of the time of every trial, test on the rest. Each part is filtered by itself.',
      ),
    train: z.array(z.string()).optional().describe('Or: trials to train on (trial ids).'),
    test: z.array(z.string()).optional().describe('Or: trials to test on (trial ids). None may be in both.'),
    validation: z
      .number()
      .gt(0)
      .lt(0.5)
      .default(0.15)
      .describe(
        'Last share of each training part that is held out for early stopping and for choosing the ridge penalty.',
      ),
  })
  .describe('Within-subject split, by time or by trial.');

const window = z.strictObject({
  past_s: z.number().min(0).default(0.3).describe('Seconds of input before the predicted frame.'),
  future_s: z
    .number()
    .min(0)
    .default(0)
    .describe('Seconds of input after it. More than 0 cannot run in real time without that delay.'),
  step_s: z.number().positive().default(0.02).describe('Time between the samples inside a window.'),
});

const training = z.strictObject({
  epochs: z.number().int().min(1).default(30).describe('Most passes over the training windows.'),
  patience: z
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Stop after this many epochs without a better validation loss.'),
  batch: z.number().int().min(2).default(128).describe('Windows in a mini-batch.'),
  learning_rate: z.number().positive().default(0.003).describe('Learning rate of Adam at its highest.'),
  schedule: z.enum(['constant', 'cosine']).default('cosine').describe('Course of the learning rate over the epochs.'),
  weight_decay: z.number().min(0).default(0.001).describe('Decoupled weight decay (AdamW).'),
  clip_norm: z.number().positive().nullable().default(1).describe('Largest norm of the gradient; null: no clipping.'),
  stride_s: z
    .number()
    .positive()
    .default(0.02)
    .describe('Time between the training windows; testing uses every frame.'),
  emg_gain_jitter: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Augmentation: standard deviation of a random gain on every EMG channel of every training window.'),
  emg_noise: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Augmentation: standard deviation of white noise on every EMG channel of every training window, in standard deviations of the channel.',
    ),
  emg_dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Augmentation: probability with which an EMG channel is lost (set to its mean) in a training window.'),
  emg_shift: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Augmentation: greatest share of another EMG channel that is mixed into each one in a training window, as by electrodes placed elsewhere.',
    ),
  time_warp: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe('Augmentation: standard deviation of the speed at which time passes within a training window.'),
  weight_averaging: z
    .number()
    .min(0)
    .lt(1)
    .default(0.98)
    .describe('Decay of a running average of the weights that is validated and kept instead of them; 0: none.'),
  balance_activities: z
    .boolean()
    .default(true)
    .describe('Weigh each activity by the inverse variance of its label, so that running does not drown walking.'),
  ensemble: z.number().int().min(1).max(20).default(1).describe('Networks trained from different seeds and averaged.'),
});

const calibration = z.strictObject({
  damping: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe(
      'Damping of the muscle fibres (CEINMS: 0.1, CEINMS-RT: 0.5). With a stiff tendon nothing needs it numerically; 0 keeps relaxed, shortening fibres from going slack.',
    ),
  fibre: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([0.975, 1.025])
    .describe(
      "Bounds of the factor on the model's optimal fibre lengths (CEINMS-RT: 0.975 to 1.025; others: 0.9 to 1.1).",
    ),
  strength: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([0.5, 2.5])
    .describe(
      'Bounds of the strength coefficients (CEINMS: 0.5 to 2.5). EMG maxima that are not from maximal efforts need a lower floor: the muscle is then never as active as its EMG says.',
    ),
  maximum_trials: z
    .boolean()
    .default(true)
    .describe(
      'Calibrate on the trials with use: maximum too, where they have moments: nothing tells strength better than a maximal effort.',
    ),
  starts: z
    .number()
    .int()
    .min(1)
    .default(6)
    .describe('Short searches from different starting points; the best goes on to the end.'),
  frames: z
    .number()
    .int()
    .min(100)
    .default(3000)
    .describe('Most frames the cost is summed over, evenly taken from the training parts.'),
});

/** What is compared where a study names no models. */
const usualModels: readonly ModelKind[] = ['mean', 'ridge', 'nms', 'network', 'hybrid'];

/** What a study file may say; `readStudy` checks files against it. */
export const studySchema = z
  .strictObject({
    $schema: z.string().optional().describe('Address of the JSON Schema, for editors.'),
    study: name.describe('Short name of the study.'),
    title: z.string().optional().describe('Title for the report.'),
    simulated: z.boolean().default(false).describe('The participants are virtual; the report says so.'),
    model: z
      .string()
      .default('generic')
      .describe(
        "OpenSim model for muscle-tendon lengths and moment arms, relative to the data root; generic: genu's own leg.",
      ),
    rate_Hz: z.number().positive().default(100).describe('Common rate of everything that enters the models.'),
    filters: z
      .enum(['zero-phase', 'causal'])
      .default('zero-phase')
      .describe(
        'Filters of EMG and angles. zero-phase: without delay, for recordings. causal: as a real-time system has to filter, for models that genu/live will run; the label stays zero-phase.',
      ),
    files: files.optional(),
    emg,
    motion,
    torque,
    mask: mask.prefault({}),
    cycle: cycle.optional().describe('How a cycle is found, for waveforms over 0–100 %.'),
    participants: z.array(participant).min(1),
    split,
    models: z
      .array(z.enum(modelKinds))
      .default([...usualModels])
      .describe(
        'Models to compare. mean and ridge are always fitted: the skill scores need them. svr and forest: support-vector and random-forest regression on the inputs of the ridge. hybrid: the network with muscle forces among its inputs. residual_ridge, residual_nms: the same network trained on what the ridge, or the calibrated solver, leaves of the torque, and added to it.',
      ),
    window: window.prefault({}),
    network: network.prefault({}),
    training: training.prefault({}),
    calibration: calibration.prefault({}),
    seed: z
      .number()
      .int()
      .min(0)
      .default(1)
      .describe('Seed of everything random. The same seed repeats a study bit for bit on one machine.'),
  })
  .describe('A genu study: participants, trials, channels, filters, split and models.');

/** A study as written, with every default filled in. */
export type Study = z.output<typeof studySchema>;
export type StudyParticipant = Study['participants'][number];
export type StudyTrial = StudyParticipant['trials'][number];
export type ModelKind = BundleKind;
export { modelKinds };

/** JSON Schema (draft 2020-12) of `study.yaml`, for editors. */
export function makeStudyJsonSchema(): object {
  return { ...z.toJSONSchema(studySchema, { io: 'input' }), title: 'genu study' };
}
