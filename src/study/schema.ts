import { z } from 'zod';
import type { Side } from '../data/index.js';
import { type BundleKind, modelKinds } from '../estimator/index.js';
import { cycle, mask } from './schema-mask.js';
import { name } from './schema-names.js';
import { network } from './schema-network.js';
import { files, type ListedParticipant, participants, scaling, studySide } from './schema-participants.js';
import { between, protocols, transfer } from './schema-protocols.js';
import { emg, motion, torque } from './schema-signals.js';
import { tables } from './schema-tables.js';
import { calibration, split, training, window } from './schema-training.js';

/**
 * The one file that describes a study. Every field's description is what an editor shows (schema/study.schema.json is made from here).
 * Paths are relative to the data root: the folder of the study file, or `--data`.
 */

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
    tables: tables.optional(),
    side: studySide.optional().describe('The leg that is studied, of every participant who does not say otherwise.'),
    emg,
    motion,
    torque,
    mask: mask.prefault({}),
    cycle: cycle.optional().describe('How a cycle is found, for waveforms over 0–100 %.'),
    participants,
    scaling: scaling.prefault({}),
    on_error: z
      .enum(['stop', 'leave_out'])
      .default('stop')
      .describe(
        'What happens where a trial cannot be read. stop: the study ends there. leave_out: it goes on without that trial, and says so in a warning.',
      ),
    protocols,
    split: split.prefault({}),
    between: between.prefault({}),
    transfer: transfer.prefault({}),
    models: z
      .array(z.enum(modelKinds))
      .default([...usualModels])
      .describe(
        'Models to compare. mean and ridge are always fitted: the skill scores need them. svr and forest: support-vector and random-forest regression on the inputs of the ridge. hybrid: the network with muscle forces among its inputs. quadratic: a ridge that also sees products of angles and angular velocities at the predicted frame. residual_ridge, residual_nms: the same network trained on what the ridge, or the calibrated solver, leaves of the torque, and added to it. blend: the plain mean of ridge, quadratic and network.',
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

/** A study file with every default filled in: its participants may still have to be found. */
export type StudyFile = z.output<typeof studySchema>;
/** A participant of whom everything is known: which leg, mass and height as numbers, files without wildcards. */
export type StudyParticipant = Omit<ListedParticipant, 'side' | 'mass_kg' | 'height_m'> & {
  readonly side?: Side | undefined;
  readonly mass_kg: number;
  readonly height_m?: number | undefined;
};
export type StudyTrial = StudyParticipant['trials'][number];
/** A study that can run: every participant is there with everything known. See `intake/resolve.ts`. */
export type Study = Omit<StudyFile, 'participants'> & {
  readonly participants: StudyParticipant[];
  /** Sentences about how the participants were found. */
  readonly intake?: { readonly notes: readonly string[]; readonly warnings: readonly string[] } | undefined;
};
export type ModelKind = BundleKind;
export { modelKinds };

/** JSON Schema (draft 2020-12) of `study.yaml`, for editors. */
export function makeStudyJsonSchema(): object {
  return { ...z.toJSONSchema(studySchema, { io: 'input' }), title: 'genu study' };
}
