import {
  type Channel,
  fillSide,
  findChannel,
  GenuError,
  hasSide,
  type Recording,
  type Side,
} from '../../data/index.js';
import { type EmgOfSides, findInstrumentedSide, type SideVerdict } from '../../signal/index.js';

const silent: Channel = {
  name: 'not recorded',
  kind: 'emg',
  unit: 'V',
  clock: { times_s: new Float64Array(0), rate_Hz: undefined },
  values: new Float64Array(0),
};

/**
 * Finds the leg with the electrodes from the recordings of one participant.
 * @param channels names of EMG channels that leave the side open; those without a side tell nothing
 * @throws GenuError when no name leaves the side open, or the EMG does not tell
 */
export function findSide(recordings: readonly Recording[], channels: readonly string[], where: string): SideVerdict {
  const open = channels.filter(hasSide);
  if (open.length === 0) {
    throw new GenuError('side: emg needs channels of both legs, but no name under emg.channels has {side}.', {
      where,
      mend: "Write e.g. 'Voltage.{side} Rect', or say side: left or side: right.",
    });
  }
  const pick = (recording: Recording, side: Side) =>
    open.map((name) => findChannel(recording, fillSide(name, side)) ?? silent);
  const trials: EmgOfSides[] = recordings.map((recording) => ({
    left: pick(recording, 'left'),
    right: pick(recording, 'right'),
  }));
  return findInstrumentedSide(trials, where);
}
