import { z } from 'zod';
import { lowpass } from './schema-names.js';

/** The part of a study file that says which channels are EMG, angles and torque. */

export const emg = z.strictObject({
  kind: z
    .enum(['raw', 'envelope'])
    .describe('raw: surface EMG as recorded (V). envelope: already rectified and low-passed, in any unit.'),
  channels: z
    .record(z.string(), z.string())
    .describe(
      'Muscle measured: name of its channel in the file, e.g. vas_lat_r: vaslat, or rect_fem_r: "Voltage.{side} Rect". Muscle names are those of the model. Order is kept. {side} becomes L or R, {side_name} left or right, {side_letter} l or r.',
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
  inputs: z
    .strictObject({
      scale: z
        .enum(['maximum', 'recording_mean'])
        .default('maximum')
        .describe(
          'What envelopes are divided by. maximum: as emg.maximum says. recording_mean: their mean in that very recording, test recordings too: no label is used, but their whole length is, so not for real time.',
        ),
      power: z
        .number()
        .gt(0)
        .max(2)
        .default(1)
        .describe(
          'What they are raised to after that; 0.5, a square root, draws bursts of different people nearer together.',
        ),
    })
    .optional()
    .describe('How regressions and networks see the EMG envelopes. Muscles get them as emg.maximum says in any case.'),
  maximum: z
    .enum(['training', 'maximum_trials', 'none'])
    .default('training')
    .describe(
      "What an envelope is divided by. training: its maximum in the participant's training trials. maximum_trials: its maximum in the trials with use: maximum. none: nothing (ready envelopes that are already between 0 and 1). Test trials never enter.",
    ),
});

/** Where a coordinate of the model comes from when the file calls it otherwise, or counts it the other way. */
const mappedChannel = z.strictObject({
  channel: z.string().min(1).describe('Channel of the motion file; {side} is filled in.'),
  factor: z
    .number()
    .refine((value) => value !== 0, 'a factor of 0 would leave nothing')
    .default(1)
    .describe('What its values are multiplied with; -1 where the file counts the angle the other way.'),
});

export const motion = z.strictObject({
  coordinates: z
    .array(z.string())
    .default([])
    .describe(
      'Joint angles given to ridge and network, by their names in the motion file or in motion.channels (degrees or radians as its header says). May be empty with posture_deg only.',
    ),
  channels: z
    .record(z.string(), mappedChannel)
    .optional()
    .describe(
      "Coordinate of the model: where it comes from, e.g. knee_angle_r: { channel: '{side}KneeAngles.x', factor: -1 }. Signs of the models: hip flexion, hip adduction and ankle dorsiflexion positive, knee flexion negative. Either leg is treated as a right one.",
    ),
  posture_deg: z
    .record(z.string(), z.number().min(-360).max(360))
    .optional()
    .describe(
      'Coordinates that do not move, in degrees, e.g. { knee_angle_r: -90 } for isometric recordings: instead of a motion file, or beside one.',
    ),
  speeds: z.boolean().default(true).describe('Give the angular velocities too.'),
  lowpass_Hz: lowpass(10, 'Low-pass (Hz) of the angles, before velocities are taken.'),
  unit: z
    .enum(['header', 'deg', 'rad'])
    .default('header')
    .describe('Unit of the angles in the file. header: as inDegrees says. deg or rad: the header is wrong or silent.'),
});

const direction = z.enum(['extension', 'flexion']);

/** Distance of a load cell's line of pull from the knee. */
const leverArm = z.union([
  z.number().gt(0).lt(1),
  z.strictObject({ of_height: z.number().gt(0).lt(0.6).describe("Share of the participant's height_m.") }),
]);

/** Units of the measured torque; the last two are forces of a load cell. */
export const torqueUnits = ['N.m', 'N.m/kg', 'N.mm', 'N.mm/kg', 'N', 'kgf'] as const;

export const torque = z.strictObject({
  coordinate: z.string().default('knee_angle_r').describe('Coordinate of the model that the torque acts about.'),
  channel: z.string().default('knee_angle_r_moment').describe('Channel of the moments file; {side} is filled in.'),
  unit: z
    .enum(torqueUnits)
    .default('N.m')
    .describe(
      'Unit of that channel. N and kgf: the force of a load cell, which lever_arm_m turns into a torque. CSV and XLSX columns are in SI units once they are read: say N for a column declared as kgf.',
    ),
  lever_arm_m: leverArm
    .optional()
    .describe(
      'For a force: distance from the knee to the line of pull in m, or { of_height: 0.23 } for a share of the height. An assumption unless it was measured; the report says so.',
    ),
  baseline_s: z
    .tuple([z.number().min(0), z.number().positive()])
    .optional()
    .describe(
      'Seconds [from, to] after the start of a trial, at rest, whose mean is taken off the label. Left out: nothing is taken off. A trial that begins with the muscle working has no such stretch.',
    ),
  positive: direction.describe(
    'What a positive moment does in the file. OpenSim knee models and {side}KneeMoment.x of Plug-in Gait: extension. Never guessed.',
  ),
  lowpass_Hz: lowpass(6, 'Low-pass (Hz) of the label.'),
});

/** What one trial's label has otherwise than the study's. */
export const trialTorque = z
  .strictObject({
    channel: z.string().min(1).optional().describe("Channel of this trial's label."),
    positive: direction.optional().describe('What a positive value of it does.'),
  })
  .describe("This trial's own label, where it differs from torque.");
