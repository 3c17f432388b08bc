import { type Channel, fillSide, GenuError, getChannel, hasSide, type Recording, type Side } from '../data/index.js';
import type { TrialRecordings } from './prepare.js';
import type { EstimatorSpec } from './spec.js';

const DEGREE = Math.PI / 180;

/**
 * Brings a recording of either leg to the names and signs of the spec, in which every leg is a right one: EMG channels of the side that
 * was measured, file channels turned into coordinates, and coordinates that do not move. Other channels of EMG and motion are left out.
 * A recording for which the spec has no such rules comes back as it is.
 * @param side needed where a channel's name leaves it open (`{side}`)
 * @throws GenuError when a channel is missing, or a name needs a side and there is none
 */
export function orientTrial(trial: TrialRecordings, spec: EstimatorSpec, side: Side | undefined): TrialRecordings {
  const emg = spec.emg.channels.some(({ channel }) => hasSide(channel))
    ? renameChannels(
        trial.emg,
        spec.emg.channels.map(({ channel }) => channel),
        side,
        `${trial.id}: EMG`,
      )
    : trial.emg;
  const { channels, posture_deg, coordinates } = spec.motion;
  if (!channels && !posture_deg) return { ...trial, emg };
  const moving = channels
    ? [
        ...Object.entries(channels).map(([name, { channel, factor }]) =>
          mapChannel(trial.motion, name, channel, factor, side, `${trial.id}: motion`),
        ),
        ...pick(trial.motion, coordinates, [...Object.keys(channels), ...Object.keys(posture_deg ?? {})]),
      ]
    : pick(trial.motion, coordinates, Object.keys(posture_deg ?? {}));
  const clock = moving[0]?.clock ?? emg.channels[0]?.clock;
  if (!clock) throw new GenuError('there is no channel.', { where: trial.id });
  const still = Object.entries(posture_deg ?? {}).map(
    ([name, angle_deg]): Channel => ({
      name,
      kind: 'coordinate',
      unit: 'rad',
      clock,
      values: new Float64Array(clock.times_s.length).fill(angle_deg * DEGREE),
    }),
  );
  return { ...trial, emg, motion: { ...trial.motion, channels: [...moving, ...still] } };
}

/**
 * The recording with just these channels, found under the side's names and called as they were asked for.
 * @throws GenuError when one is missing
 */
export function renameChannels(
  recording: Recording,
  names: readonly string[],
  side: Side | undefined,
  where: string,
): Recording {
  return { ...recording, channels: names.map((name) => mapChannel(recording, name, name, 1, side, where)) };
}

function mapChannel(
  recording: Recording,
  name: string,
  source: string,
  factor: number,
  side: Side | undefined,
  where: string,
): Channel {
  const channel = getChannel(recording, fillSide(source, side, where), where);
  return { ...channel, name, values: factor === 1 ? channel.values : channel.values.map((value) => value * factor) };
}

function pick(motion: Recording, names: readonly string[], except: readonly string[]): Channel[] {
  return names.filter((name) => !except.includes(name)).map((name) => getChannel(motion, name, 'motion'));
}
