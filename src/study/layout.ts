import { GenuError, listNearest } from '../data/index.js';
import { LearnError, makeNetwork } from '../learn/index.js';
import { describeNetwork, listSizes } from './network-config.js';
import { type Study, type StudyParticipant, type StudyTrial, studySchema } from './schema.js';
import { makeSpec } from './spec.js';

/** Where one trial's files are, relative to the data root. */
export interface TrialFiles {
  readonly emg: string;
  readonly motion: string;
  readonly moments: string | undefined;
  readonly ground: string | undefined;
}

/** Gives the line of a path inside the study file, where the reader of the file knows it. */
export type LineOf = (path: readonly (string | number)[]) => number | undefined;

/**
 * Checks a parsed study file and fills in its defaults.
 * @param value what the YAML or JSON said
 * @param file name for errors
 * @throws GenuError listing every field that is wrong, with its line
 */
export function readStudy(value: unknown, file: string, lineOf: LineOf = () => undefined): Study {
  const parsed = studySchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 8).map((issue) => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      const line = lineOf(issue.code === 'unrecognized_keys' ? [...path, issue.keys[0]] : path);
      return `${line === undefined ? '' : `line ${line}: `}${path.join('.') || 'the file'}: ${sayIssue(issue)}`;
    });
    throw new GenuError(`the study does not hold: ${issues.join('; ')}.`, {
      where: file,
      mend: 'Every field is described in docs/study.md and, in an editor, by schema/study.schema.json.',
    });
  }
  checkStudy(parsed.data, file, lineOf);
  return parsed.data;
}

function sayIssue(issue: { code: string; message: string; keys?: string[] }): string {
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys?.map((k) => `"${k}"`).join(', ')}`;
  return issue.message.replace(/^Invalid input: /, '');
}

function checkStudy(study: Study, file: string, lineOf: LineOf): void {
  const seen = new Set<string>();
  const allTrials = new Set<string>();
  study.participants.forEach((participant, p) => {
    const at = { where: file, line: lineOf(['participants', p, 'id']) };
    if (participant.id === 'all')
      throw new GenuError('a participant may not be called "all": rows over everybody are.', {
        ...at,
        mend: 'Choose another id.',
      });
    if (seen.has(participant.id)) {
      throw new GenuError(`two participants have the id "${participant.id}".`, {
        ...at,
        mend: 'Give each its own id.',
      });
    }
    seen.add(participant.id);
    const ids = new Set<string>();
    participant.trials.forEach((trial, t) => {
      const line = lineOf(['participants', p, 'trials', t, 'id']);
      if (ids.has(trial.id)) {
        throw new GenuError(`participant "${participant.id}" has two trials with the id "${trial.id}".`, {
          where: file,
          line,
          mend: 'Give each trial its own id; a trial named twice would be in the results twice.',
        });
      }
      if (trial.activity === 'all') {
        throw new GenuError('an activity may not be called "all": rows over every activity are.', {
          where: file,
          line,
          mend: 'Choose another name.',
        });
      }
      ids.add(trial.id);
      allTrials.add(trial.id);
      resolveFiles(study, participant, trial, file);
    });
  });
  checkSplit(study, file, lineOf, allTrials);
  checkNetwork(study, file, lineOf);
  if (
    study.mask.cross_steps &&
    study.participants.some((p) => p.trials.some((t) => !(t.files?.ground ?? study.files?.ground)))
  ) {
    throw new GenuError('mask.cross_steps needs the ground reaction forces, but a trial has no ground file.', {
      where: file,
      line: lineOf(['mask', 'cross_steps']),
      mend: 'Say files: { ground: … }, or take mask.cross_steps out.',
    });
  }
  if (study.emg.maximum === 'maximum_trials') {
    for (const participant of study.participants) {
      if (!participant.trials.some((trial) => trial.use === 'maximum')) {
        throw new GenuError(
          `emg.maximum is maximum_trials, but participant "${participant.id}" has no trial with use: maximum.`,
          {
            where: file,
            mend: 'Mark a maximal-effort trial with use: maximum, or say emg.maximum: training.',
          },
        );
      }
    }
  }
  if (Object.keys(study.emg.channels).length === 0) {
    throw new GenuError('emg.channels names no muscle.', { where: file, line: lineOf(['emg', 'channels']) });
  }
}

/** What a network cannot be, said before anything long starts. */
function checkNetwork(study: Study, file: string, lineOf: LineOf): void {
  const { kind, sizes = {} } = study.network;
  const known = listSizes(kind);
  const stray = Object.keys(sizes).find((name) => !known.includes(name));
  if (stray !== undefined) {
    throw new GenuError(`network.sizes has "${stray}", which is no size of ${kind}.`, {
      where: file,
      line: lineOf(['network', 'sizes', stray]),
      mend: `Its sizes: ${known.join(', ')}.`,
    });
  }
  try {
    makeNetwork(describeNetwork(study.network, ['input'], makeSpec(study)));
  } catch (error) {
    if (!(error instanceof LearnError)) throw error;
    throw new GenuError(error.message, { where: file, line: lineOf(['network']) });
  }
}

function checkSplit(study: Study, file: string, lineOf: LineOf, trials: ReadonlySet<string>): void {
  const { train, test, train_first } = study.split;
  const line = lineOf(['split']);
  if (train_first !== undefined && (train || test)) {
    throw new GenuError('split says both train_first and train/test.', {
      where: file,
      line,
      mend: 'Keep one of the two.',
    });
  }
  if (train_first === undefined && !(train?.length && test?.length)) {
    throw new GenuError('split says neither train_first nor both train and test.', {
      where: file,
      line,
      mend: 'Say split: { train_first: 0.7 }, or name the trials: split: { train: [walk01], test: [walk02] }.',
    });
  }
  const both = train?.filter((id) => test?.includes(id)) ?? [];
  if (both.length > 0) {
    throw new GenuError(`split has the trial ${both.map((id) => `"${id}"`).join(', ')} in both train and test.`, {
      where: file,
      line,
      mend: 'A trial is for one of them: a network tested on what it was trained on shows nothing.',
    });
  }
  for (const id of [...(train ?? []), ...(test ?? [])]) {
    if (!trials.has(id)) {
      throw new GenuError(`split names a trial "${id}" that no participant has.`, {
        where: file,
        line,
        mend: `There are: ${listNearest(id, [...trials])}.`,
      });
    }
  }
}

/** Every file that a study names, once: trials and models. */
export function listStudyFiles(study: Study): string[] {
  const files = study.participants.flatMap((participant) => [
    participant.model ?? study.model,
    ...participant.trials.flatMap((trial) => Object.values(resolveFiles(study, participant, trial))),
  ]);
  return [...new Set(files)].filter((file) => file !== undefined && file !== 'generic') as string[];
}

/** The files of one trial, with {participant}, {trial} and {activity} filled in. */
export function resolveFiles(
  study: Study,
  participant: StudyParticipant,
  trial: StudyTrial,
  file = study.study,
): TrialFiles {
  const fill = (template: string | undefined) =>
    template?.replace(/\{(\w+)\}/g, (whole, key: string) => {
      const value = { participant: participant.id, trial: trial.id, activity: trial.activity }[key];
      if (value === undefined) {
        throw new GenuError(`the file name "${template}" has ${whole}.`, {
          where: file,
          mend: 'Only {participant}, {trial} and {activity} are filled in.',
        });
      }
      return value;
    });
  const emg = fill(trial.files?.emg ?? study.files?.emg);
  const motion = fill(trial.files?.motion ?? study.files?.motion);
  if (emg === undefined || motion === undefined) {
    throw new GenuError(
      `trial "${trial.id}" of participant "${participant.id}" has no ${emg === undefined ? 'emg' : 'motion'} file.`,
      {
        where: file,
        mend: 'Say files: { emg: …, motion: …, moments: … } for the study or for the trial.',
      },
    );
  }
  return {
    emg,
    motion,
    moments: fill(trial.files?.moments ?? study.files?.moments),
    ground: fill(trial.files?.ground ?? study.files?.ground),
  };
}
