import { listMasks, sayInputs, sayLowpass } from '../methods.js';
import { joinWords } from '../report/format.js';
import type { Study } from '../schema.js';
import { cite, count, sayMeanSd } from './text.js';

/** Who and what was recorded, in a paragraph. */
export function writeRecordings(study: Study): string {
  const { participants, simulated } = study;
  const studied = participants.flatMap(({ trials }) => trials.filter(({ use }) => use === 'study'));
  const activities = [...new Set(studied.map(({ activity }) => activity))];
  const heights = participants.flatMap(({ height_m }) => height_m ?? []);
  const masses = participants.map(({ mass_kg }) => mass_kg);
  const who = simulated
    ? 'simulated, virtual participants (no measured people)'
    : participants.length === 1
      ? 'participant'
      : 'participants';
  const size = `body mass ${sayMeanSd(masses, 1)} kg${heights.length === participants.length ? `, height ${sayMeanSd(heights, 2)} m` : ''}`;
  const sides = new Set(participants.map(({ side }) => side ?? study.side));
  const legs =
    sides.size > 1 ? ' One leg of each was studied, left in some and right in others, and treated as a right one.' : '';
  const maximal = participants.some(({ trials }) => trials.some(({ use }) => use === 'maximum'));
  return `We used recordings of ${participants.length} ${who} (${size}) in ${count(studied.length, 'trial')} of ${count(activities.length, 'activity', 'activities')} (${joinWords(activities)})${maximal ? ', besides maximal voluntary contractions' : ''}.${legs}`;
}

/** EMG, angles, label and mask, in a paragraph. */
export function writeSignals(study: Study): string {
  const { emg, motion, torque, rate_Hz } = study;
  const muscles = Object.keys(emg.channels).length;
  const maxima = {
    training: 'their largest value in the participant’s training trials, so that no test trial entered',
    maximum_trials: 'their largest value in the participant’s maximal voluntary contractions',
    none: '',
  }[emg.maximum];
  const divided = maxima === '' ? 'taken as they were' : `divided by ${maxima}`;
  const raw = `Surface electromyograms of ${count(muscles, 'muscle')} were band-pass filtered (${emg.bandpass_Hz.join('–')} Hz), full-wave rectified and ${sayLowpass(emg.lowpass_Hz, study.filters)} ${cite('OppenheimSchafer2010')}, and the envelopes were ${divided}`;
  const envelope = `Envelopes of the electromyograms of ${count(muscles, 'muscle')} were used as recorded and ${divided}`;
  const speeds = `, and angular velocities were taken ${study.filters === 'causal' ? 'by backward differences' : `from the derivative of their interpolating spline ${cite('DeBoor1978')}`}`;
  const posture = motion.posture_deg
    ? `The posture was held (${Object.entries(motion.posture_deg)
        .map(([name, value]) => `${name} ${value}°`)
        .join(', ')}).`
    : '';
  const angles =
    motion.coordinates.length === 0
      ? ''
      : `Joint angles (${motion.coordinates.join(', ')}) were ${sayLowpass(motion.lowpass_Hz, study.filters)}${motion.speeds ? speeds : ''}.`;
  const lever = torque.lever_arm_m;
  const arm =
    lever === undefined
      ? ''
      : `, a force times a lever arm of ${typeof lever === 'number' ? `${lever} m` : `${lever.of_height} of body height (assumed)`}`;
  const label = `The reference torque (${torque.channel}${arm}; positive: ${torque.positive}) was ${sayLowpass(torque.lowpass_Hz, 'zero-phase')} and ${torque.unit.endsWith('/kg') ? 'is given per body mass' : 'was divided by body mass'}. All signals were resampled to ${rate_Hz} Hz; each part of a trial was cut out before it was filtered, so that no filter reached from a test into a training part.`;
  const masks = listMasks(study);
  const mask = masks.length === 0 ? 'No frame was left out.' : `Left out of training and testing: ${masks.join('; ')}.`;
  return [
    `${emg.kind === 'raw' ? raw : envelope}.`,
    emg.inputs ? `${sayInputs(emg.inputs)}.` : '',
    posture,
    angles,
    label,
    mask,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The calibrated muscles, in a paragraph. */
export function writeMuscles(study: Study): string {
  const { calibration, model, participants } = study;
  const maximal = participants.some(({ trials }) => trials.some(({ use }) => use === 'maximum'));
  const geometry =
    model === 'generic'
      ? `genu’s generic leg, built from published geometry ${cite('Delp1990', 'Arnold2010', 'Rajagopal2016')} and scaled to body size`
      : `the musculoskeletal model ${model}, read in the OpenSim format ${cite('Seth2018')}`;
  return `Muscle forces were estimated by an EMG-driven neuromusculoskeletal model ${cite('LloydBesier2003', 'Buchanan2004')} with the activation dynamics and Hill-type muscle of CEINMS ${cite('Pizzolato2015')}, a stiff tendon and a fibre damping of ${calibration.damping}. Muscle–tendon lengths, lengthening velocities and moment arms ${cite('Sherman2013')} came from ${geometry}. Strength by muscle group (factors ${calibration.strength.join('–')}), optimal fibre length (${calibration.fibre.join('–')}), tendon slack length, activation dynamics and delay were calibrated on at most ${calibration.frames} frames of the training parts${calibration.maximum_trials && maximal ? ' and of the maximal contractions' : ''} by bounded Levenberg–Marquardt least squares ${cite('Kanzow2004')} from ${calibration.starts} starting points.`;
}
