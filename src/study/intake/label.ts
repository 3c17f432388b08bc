import { type Channel, GenuError } from '../../data/index.js';
import type { Study, StudyParticipant, StudyTrial } from '../schema.js';

/** Standard gravity: Resolution 2 of the 3rd General Conference on Weights and Measures (1901). */
const GRAVITY_m_per_s2 = 9.80665;

/**
 * Turns the label's channel into what the study's torque is said to be: sign of the trial, force times lever arm, rest level taken off.
 * The lever arm is constant and at a right angle to the pull; gravity on the leg is not taken off.
 * @param channel the label as the file has it
 * @throws GenuError when a force has no lever arm, or there is no sample at rest
 */
export function makeLabel(
  channel: Channel,
  study: Pick<Study, 'torque'>,
  participant: Pick<StudyParticipant, 'id' | 'height_m'>,
  trial: Pick<StudyTrial, 'id' | 'torque'>,
  notes: string[],
): Channel {
  const { torque } = study;
  const where = `${participant.id}, ${trial.id}`;
  let factor = trial.torque?.positive && trial.torque.positive !== torque.positive ? -1 : 1;
  if (torque.unit === 'N' || torque.unit === 'kgf') {
    const arm_m = getLeverArm_m(study, participant);
    factor *= arm_m * (torque.unit === 'kgf' ? GRAVITY_m_per_s2 : 1);
    notes.push(
      `${where}: the torque is "${channel.name}" (${torque.unit}) times a lever arm of ${arm_m.toFixed(3)} m, ${typeof torque.lever_arm_m === 'object' ? `${torque.lever_arm_m.of_height} of the height` : 'the same for all'}: an assumption, which scales every torque with it.`,
    );
  }
  const rest = torque.baseline_s ? calcRest(channel, torque.baseline_s, where) : 0;
  if (torque.baseline_s) {
    notes.push(
      `${where}: ${rest.toPrecision(4)} was taken off "${channel.name}", its mean from ${torque.baseline_s.join(' to ')} s after the start.`,
    );
  }
  if (factor === 1 && rest === 0) return channel;
  return { ...channel, values: channel.values.map((value) => (value - rest) * factor) };
}

/** @throws GenuError when nothing says how long the lever is */
export function getLeverArm_m(
  { torque }: Pick<Study, 'torque'>,
  { id, height_m }: Pick<StudyParticipant, 'id' | 'height_m'>,
): number {
  const { lever_arm_m } = torque;
  if (typeof lever_arm_m === 'number') return lever_arm_m;
  if (lever_arm_m !== undefined && height_m !== undefined) return lever_arm_m.of_height * height_m;
  throw new GenuError(
    lever_arm_m === undefined
      ? `torque.unit is ${torque.unit}, a force, but nothing says how long its lever is.`
      : `the lever arm is a share of the height, but "${id}" has no height_m.`,
    {
      where: lever_arm_m === undefined ? 'torque' : id,
      mend: 'Say torque.lever_arm_m: 0.35 (m), or { of_height: 0.23 } with the height of every participant.',
    },
  );
}

function calcRest({ name, clock, values }: Channel, [from_s, to_s]: readonly [number, number], where: string): number {
  const start_s = clock.times_s[0];
  const rest = values.filter(
    (value, i) => Number.isFinite(value) && clock.times_s[i] >= start_s + from_s && clock.times_s[i] < start_s + to_s,
  );
  if (rest.length === 0) {
    throw new GenuError(`"${name}" has no sample from ${from_s} to ${to_s} s after its start.`, {
      where,
      mend: 'Say another stretch at rest under torque.baseline_s, or leave it out.',
    });
  }
  return rest.reduce((a, b) => a + b, 0) / rest.length;
}
