import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { writeStorage } from '../../src/io/index.js';
import { electrodes, makeCohort, makeTrialTables } from '../../src/virtual/index.js';

export interface SmallCohort {
  readonly participants: number;
  readonly activities: readonly string[];
  readonly duration_s: number;
}

export interface Participant {
  readonly id: string;
  readonly mass_kg: number;
  readonly height_m: number;
}

/** Writes the recordings of virtual participants as `<participant>/<activity>/{emg,motion,moments}.sto`, without their maximal efforts. */
export function writeRecordings(folder: string, cohort: SmallCohort): Participant[] {
  const title = {
    emg: 'Raw EMG (V), simulated',
    motion: 'Coordinates',
    moments: 'Inverse Dynamics Generalized Forces',
  };
  return makeCohort({ ...cohort, seed: 7 }).map(({ id, mass_kg, height_m, trials }) => {
    for (const trial of trials.filter(({ kind }) => kind === 'motion')) {
      for (const { name, times_s, columns, in_degrees } of makeTrialTables(trial)) {
        const path = join(folder, id, trial.name, `${name}.sto`);
        mkdirSync(dirname(path), { recursive: true });
        const labelled = columns.map((column) => ({ label: column.name, values: column.values }));
        writeFileSync(path, writeStorage({ name: title[name], inDegrees: in_degrees, times_s, columns: labelled }));
      }
    }
    return { id, mass_kg, height_m };
  });
}

/** A study of those recordings that takes seconds: small networks, one calibration start. `changes` replaces top-level fields. */
export function makeSmallStudy(
  people: readonly Participant[],
  activities: readonly string[],
  changes: object = {},
): Record<string, unknown> {
  return {
    study: 'small',
    simulated: true,
    model: 'generic',
    files: {
      emg: '{participant}/{trial}/emg.sto',
      motion: '{participant}/{trial}/motion.sto',
      moments: '{participant}/{trial}/moments.sto',
    },
    emg: { kind: 'raw', maximum: 'training', channels: Object.fromEntries(electrodes.map((name) => [name, name])) },
    motion: { coordinates: ['hip_flexion_r', 'hip_adduction_r', 'knee_angle_r', 'ankle_angle_r'] },
    torque: { coordinate: 'knee_angle_r', channel: 'knee_angle_r_moment', unit: 'N.m', positive: 'extension' },
    cycle: { channel: 'hip_flexion_r' },
    participants: people.map((person) => ({
      ...person,
      trials: activities.map((name) => ({ id: name, activity: name })),
    })),
    split: { train_first: 0.7 },
    network: { conv_channels: 12, gru_hidden: 16, attention: 12, dense: 12 },
    training: { epochs: 8, batch: 32, learning_rate: 0.006 },
    calibration: { starts: 1, frames: 500 },
    seed: 1,
    ...changes,
  };
}

/** Writes a study file; returns its path. */
export function writeStudy(path: string, study: object): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, stringify(study));
  return path;
}
