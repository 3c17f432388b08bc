import { type Channel, fillSide, findChannel, hasSide, type Recording, type Side } from '../../data/index.js';
import { orientTrial } from '../../estimator/index.js';
import type { LoadedTrial } from '../environment.js';
import type { Study, StudyParticipant, StudyTrial } from '../schema.js';
import { makeSpec } from '../spec.js';
import { makeLabel } from './label.js';

/**
 * Brings what was read for a trial to the names and signs of the study, in which every leg is a right one: EMG, angles and label of the
 * side that was measured, channels of the mask and the cycle, a torque for a force.
 * @throws GenuError when a channel is missing; force plates that are missing are no error, see `mask.stance`
 */
export function adaptTrial(
  loaded: LoadedTrial,
  study: Study,
  participant: StudyParticipant,
  trial: StudyTrial,
): LoadedTrial {
  const notes: string[] = [];
  const { side } = participant;
  const oriented = orientTrial(loaded.recordings, makeSpec(study), side);
  const moments =
    oriented.moments && makeMoments(oriented.moments, study, participant, trial, `${oriented.id}: moments`, notes);
  return {
    ...loaded,
    recordings: { ...oriented, moments },
    ground: loaded.ground && keepNames(loaded.ground, listGroundNames(study), side),
    notes: [...loaded.notes, ...notes],
  };
}

function makeMoments(
  moments: Recording,
  study: Study,
  participant: StudyParticipant,
  trial: StudyTrial,
  where: string,
  notes: string[],
): Recording {
  const { torque, mask } = study;
  const source = trial.torque?.channel ?? torque.channel;
  const plain = source === torque.channel && !hasSide(source) && !trial.torque?.positive && !torque.baseline_s;
  if (plain && torque.unit !== 'N' && torque.unit !== 'kgf')
    return addNames(moments, mask.residual?.channels ?? [], participant.side);
  const channel = findChannel(moments, fillSide(source, participant.side, where));
  // Gait programs leave out what they could not compute; the trial then has no label.
  if (!channel) return { ...moments, channels: [] };
  const label = { ...makeLabel(channel, study, participant, trial, notes), name: torque.channel };
  const residuals = addNames(moments, mask.residual?.channels ?? [], participant.side).channels.filter(({ name }) =>
    mask.residual?.channels.includes(name),
  );
  return { ...moments, channels: [label, ...residuals] };
}

/** Channels that the mask and the cycle are read from, by their names in the study. */
function listGroundNames({ mask, cycle }: Study): string[] {
  const { cross_steps, stance } = mask;
  return [
    ...(cross_steps ? [cross_steps.left, cross_steps.right] : []),
    ...(stance
      ? [
          stance.channel,
          ...stance.swing_markers.flatMap((marker) => ['x', 'y', 'z'].map((axis) => `${marker}.${axis}`)),
        ]
      : []),
    ...(cycle ? [cycle.channel] : []),
  ];
}

/** Where names leave the side open, only the channels that are asked for: a file of everything has hundreds. */
function keepNames(recording: Recording, names: readonly string[], side: Side | undefined): Recording {
  if (!names.some(hasSide)) return recording;
  const { channels } = addNames(recording, names, side);
  return { ...recording, channels: channels.filter(({ name }) => names.includes(name)) };
}

/** The recording with channels of this side also under the names that leave the side open. */
function addNames(recording: Recording, names: readonly string[], side: Side | undefined): Recording {
  const more = [...new Set(names)].filter(hasSide).flatMap((name): Channel[] => {
    const channel = findChannel(recording, fillSide(name, side, recording.name));
    return channel ? [{ ...channel, name }] : [];
  });
  return more.length === 0 ? recording : { ...recording, channels: [...recording.channels, ...more] };
}
