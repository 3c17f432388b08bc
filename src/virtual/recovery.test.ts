import { expect, it } from 'vitest';
import { buildBody, calcCoordinateSpeeds, calcMuscleGeometry } from '../body/index.js';
import { buildExcitationMap, calcExcitations, calibrate, makeMuscle } from '../nms/index.js';
import { calcEnvelope, designEnvelope, USUAL_ENVELOPE } from '../signal/index.js';
import { makeCohort } from './cohort.js';
import type { VirtualParticipant } from './types.js';

/** From recordings alone, as a user would: envelopes over MVC and training maxima, geometry of the laboratory's model, calibration. */
function recoverStrengths(person: VirtualParticipant): Map<string, number> {
  const filter = designEnvelope({ rate_Hz: 1000, ...USUAL_ENVELOPE });
  const envelopes = person.trials.map(({ recording }) =>
    recording.channels
      .filter(({ kind }) => kind === 'emg')
      .map((channel) => ({ ...channel, values: calcEnvelope(channel.values, filter).filter((_, i) => i % 10 === 0) })),
  );
  const findMaximum = (name: string) =>
    Math.max(...envelopes.flat().flatMap((c) => (c.name === name ? [c.values.reduce((a, b) => Math.max(a, b))] : [])));
  const muscles = person.model.muscles.map(makeMuscle);
  const names = muscles.map(({ name }) => name);
  const body = buildBody(person.model);
  const trials = person.trials.map(({ name, recording }, t) => {
    const angles = recording.channels.filter(({ kind }) => kind === 'coordinate');
    const geometry = calcMuscleGeometry(body, {
      coordinates: new Map(angles.map((c) => [c.name, c.values])),
      speeds: new Map(angles.map((c) => [c.name, calcCoordinateSpeeds(c.clock.times_s, c.values)])),
      muscles: names,
      about: ['knee_angle_r'],
    });
    const excitations = envelopes[t].map(({ name, values }) => {
      const maximum = findMaximum(name);
      return { name, values: values.map((value) => value / maximum) };
    });
    return {
      name,
      excitations: calcExcitations(
        buildExcitationMap(
          names,
          excitations.map((c) => c.name),
        ),
        excitations,
      ),
      lengths_m: geometry.lengths_m,
      speeds_m_per_s: geometry.speeds_m_per_s!,
      momentArms_m: geometry.momentArms_m.knee_angle_r,
      torque_Nm: recording.channels.find(({ kind }) => kind === 'generalised_force')!.values,
      kneeAngle_rad: angles.find((c) => c.name === 'knee_angle_r')!.values,
    };
  });
  const { parameters } = calibrate({
    muscles,
    trials,
    rate_Hz: 100,
    passive: { positive: 'extension', scale: 1 },
    starts: 1,
    maxFrames: 1200,
  });
  return new Map(parameters.filter(({ name }) => name.startsWith('strength')).map((p) => [p.group, p.value]));
}

it('lets calibration recover the true strengths of the instrumented groups within 15 %', () => {
  for (const person of makeCohort({ participants: 2, seed: 3, duration_s: 10 })) {
    const found = recoverStrengths(person);
    for (const group of ['quadriceps', 'hamstrings', 'gastrocnemius'])
      expect(Math.abs(found.get(group)! / person.truth.strengths[group] - 1)).toBeLessThan(0.15);
  }
}, 120_000);
