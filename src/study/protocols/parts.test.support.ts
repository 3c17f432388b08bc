import { makeUniformClock, type Recording } from '../../data/index.js';
import { makeStudyRecording, type StudyRecording, splitWithin } from '../parts.js';
import type { StudyParticipant } from '../schema.js';

export interface TestTrial {
  readonly id: string;
  readonly activity: string;
  readonly length_s: number;
}

/** Recordings of one participant, all zero, 100 Hz, from 3 s on. */
export function makeRecordings(participant: string, trials: readonly TestTrial[]): StudyRecording[] {
  return trials.map(({ id, activity, length_s }) => {
    const clock = makeUniformClock(3, 100, Math.round(length_s * 100));
    const values = new Float64Array(clock.times_s.length);
    const channels = [{ name: 'a', kind: 'other' as const, unit: '1' as const, clock, values }];
    const recording: Recording = { name: id, events: [], notes: [], channels };
    return makeStudyRecording(
      { id: participant, mass_kg: 70, trials: [] } as unknown as StudyParticipant,
      { id, activity, use: 'study' },
      {
        recordings: { id: `${participant}, ${id}`, emg: recording, motion: recording, moments: recording },
        ground: undefined,
        files: [],
        notes: [],
      },
    );
  });
}

/** The first half of each trial to train on, the second to test on. */
export const makeParts = (participant: string, trials: readonly TestTrial[]) =>
  splitWithin(makeRecordings(participant, trials), { train_first: 0.5, validation: 0.15, validation_by: 'time' });
