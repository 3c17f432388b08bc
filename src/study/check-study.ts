import { GenuError, hasSide, listNearest } from '../data/index.js';
import { LearnError, makeNetwork } from '../learn/index.js';
import { getLeverArm_m } from './intake/label.js';
import { describeNetwork, listSizes } from './network-config.js';
import type { Study } from './schema.js';
import { makeSpec } from './spec.js';
import { resolveFiles } from './trial-files.js';

/** Gives the line of a path inside the study file, where the reader of the file knows it. */
export type LineOf = (path: readonly (string | number)[]) => number | undefined;

/** What the schema cannot see. @throws GenuError for the first thing that cannot work, with its line */
export function checkStudy(study: Study, file: string, lineOf: LineOf): void {
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
      if (trial.use !== 'static') resolveFiles(study, participant, trial, file);
    });
  });
  checkSplit(study, file, lineOf, allTrials);
  checkNetwork(study, file, lineOf);
  checkSides(study, file, lineOf);
  checkMotion(study, file, lineOf);
  if (study.torque.unit === 'N' || study.torque.unit === 'kgf') {
    for (const participant of study.participants) getLeverArm_m(study, participant);
  }
  const grounded = study.mask.cross_steps ? 'cross_steps' : study.mask.stance ? 'stance' : undefined;
  if (
    grounded &&
    study.participants.some((p) =>
      p.trials.some((t) => t.use === 'study' && resolveFiles(study, p, t, file).ground === undefined),
    )
  ) {
    throw new GenuError(`mask.${grounded} needs the ground reaction forces, but a trial has no ground file.`, {
      where: file,
      line: lineOf(['mask', grounded]),
      mend: `Say files: { ground: … }, or take mask.${grounded} out.`,
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
  // Other protocols leave out participants or activities.
  const splits = study.protocols.includes('within') || study.protocols.includes('transfer');
  if (splits && train_first === undefined && !(train?.length && test?.length)) {
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

/** Names that leave the side open need the side of every participant. */
function checkSides(study: Study, file: string, lineOf: LineOf): void {
  const { emg, motion, torque, mask, cycle } = study;
  const names: [path: string[], name: string][] = [
    ...Object.entries(emg.channels).map(([muscle, name]): [string[], string] => [['emg', 'channels', muscle], name]),
    ...Object.entries(motion.channels ?? {}).map(([coordinate, { channel }]): [string[], string] => [
      ['motion', 'channels', coordinate],
      channel,
    ]),
    [['torque', 'channel'], torque.channel],
    ...(mask.stance ? [[['mask', 'stance', 'channel'], mask.stance.channel] as [string[], string]] : []),
    ...(cycle ? [[['cycle', 'channel'], cycle.channel] as [string[], string]] : []),
  ];
  const open = names.find(([, name]) => hasSide(name));
  const without = study.participants.find(({ side }) => side === undefined);
  if (!open || !without) return;
  throw new GenuError(`"${open[1]}" needs to know the leg, but "${without.id}" has no side.`, {
    where: file,
    line: lineOf(open[0]),
    mend: 'Say side: left, right or emg, for the study or for the participant.',
  });
}

function checkMotion({ motion, torque }: Study, file: string, lineOf: LineOf): void {
  const { coordinates, channels, posture_deg } = motion;
  const known = [...Object.keys(channels ?? {}), ...Object.keys(posture_deg ?? {})];
  if (coordinates.length === 0 && known.length === 0) {
    throw new GenuError('motion names no coordinate.', {
      where: file,
      line: lineOf(['motion']),
      mend: 'Say motion.coordinates: [knee_angle_r, …], or motion.posture_deg: { knee_angle_r: -90 } where nothing moves.',
    });
  }
  const both = Object.keys(posture_deg ?? {}).find((name) => channels?.[name]);
  if (both !== undefined) {
    throw new GenuError(
      `motion says of ${both} both where it is measured (channels) and that it does not move (posture_deg).`,
      {
        where: file,
        line: lineOf(['motion', 'posture_deg', both]),
        mend: 'Keep one of the two.',
      },
    );
  }
  if (known.length > 0 && ![...known, ...coordinates].includes(torque.coordinate)) {
    throw new GenuError(`nothing says where ${torque.coordinate} is, which the muscles' moment arms hang on.`, {
      where: file,
      line: lineOf(['motion']),
      mend: `Add it to motion.channels, or to motion.posture_deg.`,
    });
  }
}
