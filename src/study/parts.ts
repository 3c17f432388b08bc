import { cutRecording, findTimeSpan, GenuError, type Recording } from '../data/index.js';
import type { TrialRecordings } from '../estimator/index.js';
import type { LoadedTrial } from './environment.js';
import type { Study, StudyParticipant, StudyTrial } from './schema.js';

/** One trial of a study, with what was read for it. */
export interface StudyRecording {
  readonly participant: StudyParticipant;
  readonly trial: StudyTrial;
  readonly loaded: LoadedTrial;
  readonly start_s: number;
  readonly end_s: number;
}

/** A stretch of a trial for one purpose: separate recordings, cut before anything is filtered. */
export interface TrialPart {
  readonly participant: StudyParticipant;
  readonly trial: StudyTrial;
  readonly recordings: TrialRecordings;
  readonly ground: Recording | undefined;
  readonly start_s: number;
  readonly end_s: number;
  /** Start of the whole trial, which the mask counts from. */
  readonly trial_start_s: number;
}

/** Finds when a trial starts and ends: the time that EMG, motion and moments have in common. */
export function makeStudyRecording(
  participant: StudyParticipant,
  trial: StudyTrial,
  loaded: LoadedTrial,
): StudyRecording {
  const { emg, motion, moments } = loaded.recordings;
  const spans = [emg, motion, ...(moments?.channels.length ? [moments] : [])].map(findTimeSpan);
  const start_s = Math.max(...spans.map(([start]) => start));
  const end_s = Math.min(...spans.map(([, end]) => end));
  if (!(end_s > start_s)) {
    throw new GenuError(
      `EMG (${spans[0].map(round).join('–')} s), motion (${spans[1].map(round).join('–')} s)${spans[2] ? ` and moments (${spans[2].map(round).join('–')} s)` : ''} have no time in common.`,
      { where: `${participant.id}, ${trial.id}`, mend: 'Their time stamps must be of one clock.' },
    );
  }
  return { participant, trial, loaded, start_s, end_s };
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** A stretch of a trial, start_s ≤ time < end_s. */
export function cutPart(
  { participant, trial, loaded, start_s: trial_start_s }: StudyRecording,
  start_s: number,
  end_s: number,
): TrialPart {
  const { recordings, ground } = loaded;
  const cut = (recording: Recording) => cutRecording(recording, start_s, end_s);
  return {
    participant,
    trial,
    recordings: {
      id: `${participant.id}, ${trial.id}`,
      emg: cut(recordings.emg),
      motion: cut(recordings.motion),
      moments: recordings.moments && cut(recordings.moments),
    },
    ground: ground && cut(ground),
    start_s,
    end_s,
    trial_start_s,
  };
}

/**
 * The within-subject split: training and test parts, sharing no sample. Trials of maximal efforts are in neither.
 * @throws GenuError when a stretch of a trial would be in both
 */
export function splitWithin(
  recordings: readonly StudyRecording[],
  split: Study['split'],
): { training: TrialPart[]; test: TrialPart[] } {
  const training: TrialPart[] = [];
  const test: TrialPart[] = [];
  for (const recording of recordings) {
    if (recording.trial.use !== 'study') continue;
    const { id } = recording.trial;
    const { start_s, end_s } = recording;
    const past = end_s + 1e-9;
    if (split.train_first !== undefined) {
      const boundary = start_s + split.train_first * (end_s - start_s);
      training.push(cutPart(recording, start_s, boundary));
      test.push(cutPart(recording, boundary, past));
    } else if (split.train?.includes(id)) training.push(cutPart(recording, start_s, past));
    else if (split.test?.includes(id)) test.push(cutPart(recording, start_s, past));
  }
  checkNoOverlap(training, test);
  return { training, test };
}

/** The guard: no stretch of a trial may be on both sides. */
export function checkNoOverlap(training: readonly TrialPart[], test: readonly TrialPart[]): void {
  for (const a of training) {
    for (const b of test) {
      if (a.participant.id !== b.participant.id || a.trial.id !== b.trial.id) continue;
      if (a.start_s < b.end_s && b.start_s < a.end_s) {
        throw new GenuError(`from ${Math.max(a.start_s, b.start_s)} s it would be trained and tested on alike.`, {
          where: `${a.participant.id}, ${a.trial.id}`,
          mend: 'Split so that no time is on both sides.',
        });
      }
    }
  }
}
