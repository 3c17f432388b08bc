import { z } from 'zod';
import { name } from './schema-names.js';
import { trialTorque } from './schema-signals.js';

/** The part of a study file that says who was recorded, and where the files are. */

const file = (what: string) => z.string().min(1).optional().describe(what);

export const files = z
  .strictObject({
    all: file('One file that holds everything; the others may then be left out.'),
    emg: file('File with the EMG channels.'),
    motion: file('File with the joint angles; not needed with motion.posture_deg.'),
    moments: file(
      'File with the inverse-dynamics moments: the label. Needed for training and evaluation, not for prediction.',
    ),
    ground: file('File with ground reaction forces and markers; used by mask.cross_steps, mask.stance and cycle only.'),
  })
  .describe(
    'Where a trial is, relative to the data root. {participant}, {trial} and {activity} are filled in; * stands for any part of a file or folder name and has to match exactly one file.',
  );

export const trial = z.strictObject({
  id: name.describe('Name of the trial, unique within its participant.'),
  activity: name.describe('What was done, e.g. walk, run, squat. Results are given per activity.'),
  use: z
    .enum(['study', 'maximum', 'static'])
    .default('study')
    .describe(
      'study: train and test on it. maximum: a maximal-effort (MVC) trial: for the EMG maxima and, where it has moments, for the calibration of the muscles. static: quiet standing, which the generic leg is scaled by (scaling). The last two are never trained or tested on.',
    ),
  files: files.optional().describe("This trial's own files, where they differ from the study's."),
  torque: trialTorque.optional(),
});

const side = z
  .enum(['left', 'right', 'emg'])
  .describe(
    "The leg that is studied. emg: the one whose EMG looks like a muscle's; where both or neither do, an error asks for the side.",
  );

export { side as studySide };

const positive = z.number().positive();

/** A number as it stands, or as a file of the participant says it. */
const measured = (least: number, most: number) =>
  z.union([
    z.number().min(least).max(most),
    z.strictObject({
      parameter: z
        .string()
        .regex(/^[^:]+:.+$/, 'write GROUP:NAME, e.g. PROCESSING:Bodymass')
        .describe("GROUP:NAME in the participant's C3D files, e.g. PROCESSING:Bodymass."),
      factor: positive.default(1).describe('What makes it kg or m, e.g. 0.001 for a height in mm.'),
    }),
  ]);
const mass = measured(5, 400).describe(
  'Body mass in kg, or { parameter: GROUP:NAME, factor: 1 } in the C3D files; torques are divided by it.',
);
const height = measured(0.4, 2.6).describe(
  'Body height in m, or { parameter: GROUP:NAME, factor: 0.001 } in the C3D files; scales the generic leg.',
);

const segments = z
  .strictObject({
    thigh: z.number().min(0.1).max(0.8).optional().describe('Hip centre to knee centre.'),
    shank: z.number().min(0.1).max(0.8).optional().describe('Knee centre to ankle centre.'),
    foot: z.number().min(0.05).max(0.5).optional().describe('Heel to toe tip.'),
    pelvis_width: z.number().min(0.08).max(0.6).optional().describe('Between the anterior superior iliac spines.'),
  })
  .describe('Lengths of segments in m that scale the generic leg instead of shares of the height.');

const own = {
  side: side.optional(),
  mass_kg: mass,
  height_m: height.optional(),
  model: z.string().optional().describe("This participant's own scaled OpenSim model, relative to the data root."),
  segments_m: segments.optional(),
};

const participant = z.strictObject({
  id: name.describe('Code of the participant, unique in the study. Use a pseudonym.'),
  ...own,
  trials: z.array(trial).min(1),
});

const rule = z.strictObject({
  folders: z
    .string()
    .min(1)
    .describe(
      "Folders of the participants under the data root, e.g. '*' or 'children/*'; a folder's name is the participant's id.",
    ),
  trials: z
    .array(trial)
    .min(1)
    .describe('Trials that are looked for in every folder. One that is not there is said in a warning.'),
  ...own,
  except: z.array(z.string()).default([]).describe('Folders, and folder/trial pairs, that are left out.'),
  own: z
    .record(name, z.strictObject({ ...own, mass_kg: mass.optional() }))
    .default({})
    .describe('What is otherwise for one participant, e.g. { P07: { side: left } }.'),
});

export const participants = z
  .union([z.array(participant).min(1), rule])
  .describe('A list of participants, or a rule that finds them by their folders.');

/** Two points of the motion capture between which a segment runs. */
const ends = (from: string, to: string, what: string) =>
  z.tuple([z.string(), z.string()]).default([from, to]).describe(`${what} ({side} is filled in).`);

export const scaling = z
  .strictObject({
    thigh: ends('{side}FEP', '{side}FEO', 'Points at the hip and knee centre'),
    shank: ends('{side}FEO', '{side}TIO', 'Points at the knee and ankle centre'),
    pelvis_width: ends('LASI', 'RASI', 'Points at the anterior superior iliac spines'),
  })
  .describe(
    "How the generic leg is scaled by trials with use: static: points of files.motion (or files.all), without .x, .y, .z, whose distance is the segment's length. The defaults are Plug-in Gait's. What is missing is taken from the height.",
  );

export type ParticipantRule = z.output<typeof rule>;
export type ListedParticipant = z.output<typeof participant>;
export type MeasuredNumber = z.output<typeof mass>;
export type SegmentLengths = z.output<typeof segments>;
