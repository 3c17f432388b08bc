import { z } from 'zod';

/** The part of a study file that says what is learned from which frames, and how. */

export const split = z
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
        'Last share of each training part that is held out for early stopping and, of one or two participants, for choosing the ridge penalty; of more, the penalty is the one by which the others predict each of them best.',
      ),
    validation_by: z
      .enum(['time', 'participant'])
      .default('time')
      .describe(
        'What stops the training of a network of several participants: the last share of each part, or one participant whom it does not learn from; each network of an ensemble has another one.',
      ),
  })
  .describe(
    'Within-subject split, by time or by trial; transfer adapts and tests by it too. Other protocols need its validation only.',
  );

export const window = z.strictObject({
  past_s: z.number().min(0).default(0.3).describe('Seconds of input before the predicted frame.'),
  future_s: z
    .number()
    .min(0)
    .default(0)
    .describe('Seconds of input after it. More than 0 cannot run in real time without that delay.'),
  step_s: z.number().positive().default(0.02).describe('Time between the samples inside a window.'),
});

export const training = z.strictObject({
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

export const calibration = z.strictObject({
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
