import { fillSide } from '../../../data/index.js';
import { calcSpread } from '../../../signal/index.js';
import type { CheckContext, Draft, TrialCheck } from '../draft.js';
import { findStudyTrial, makeMendable, placeOf, print, printPercent } from '../draft.js';
import type { CheckedFile } from '../evidence.js';
import { findKneeSense, findMomentSense, smooth } from '../knee.js';
import { calcPeak, guessMomentUnit, isBelievable, type MomentUnit, toNm_per_kg } from '../units.js';
import type { Leg, Signal, TrialView } from '../view.js';
import { findBareLegs } from './emg-side.js';

/** Votes that tell a sign. */
const SURE = 1;
const CERTAIN = 2;
/** Of a moment, the part that is faster than 6 Hz; a label below this was filtered, or comes from a dynamometer. */
const NOISY = 0.1;
/** More missing samples than this are said. */
const MISSING = 0.02;

/** The knee moments: there, in which unit, of which sign, how noisy. */
export const checkMoments: TrialCheck = (view, context) => {
  const found: Draft[] = [...checkMissing(view, context)];
  for (const leg of Object.values(view.legs)) {
    if (!leg.moment || !isLooked(view, leg, context)) continue;
    const unit = findUnit(leg.moment, context, view);
    found.push(...checkUnit(view, leg, leg.moment, unit, context));
    found.push(...checkSign(view, leg, leg.moment, unit, context));
    found.push(...checkNoise(view, leg.moment, context));
    found.push(...checkGaps(view, leg.moment, context));
  }
  return found;
};

/** With a study, its leg; without one, every leg that has a moment. */
export function isLooked(view: TrialView, leg: Leg, { study }: CheckContext): boolean {
  return study === undefined || view.side === undefined || leg.side === view.side;
}

function checkMissing(view: TrialView, { study }: CheckContext): Draft[] {
  const { trial, side } = view;
  const file = trial.files.find(({ roles }) => roles.includes('moments'));
  if (trial.use !== 'study') return [];
  const both = view.legs.left.moment && view.legs.right.moment;
  if (study) {
    if (!file?.recording || !side || view.legs[side].moment) return [];
    const name = fillSide(findStudyTrial(study, trial)?.torque?.channel ?? study.torque.channel, side);
    return [
      {
        id: 'moment-missing',
        severity: study.mask.stance ? 'note' : 'error',
        where: placeOf(trial, file, name),
        what: `The file has no "${name}", the label of this trial.`,
        cause: 'Gait programs leave out what they could not compute: here the leg met no force plate.',
        mend: 'The trial can be neither trained nor tested on. Take it out, or record it again.',
        ...(study.mask.stance
          ? { mended_by: 'mask.stance: a trial without the channel is set apart' }
          : { yaml: `participants:\n  except: [${trial.participant}/${trial.trial}]` }),
      },
    ];
  }
  const lacking = Object.values(view.legs).filter((leg) => !leg.moment && leg.knee);
  const others = Object.values(view.legs).filter((leg) => leg.moment);
  if (both || lacking.length !== 1 || others.length !== 1) return [];
  const [{ side: lost, knee }] = lacking;
  return [
    {
      id: 'moment-missing',
      severity: findBareLegs(view).has(lost) ? 'note' : 'error',
      where: placeOf(trial, knee!.file),
      what: `There is a knee moment of the ${others[0].side} leg (${others[0].moment!.channel.name}), but none of the ${lost} one.`,
      cause: 'Gait programs leave out what they could not compute: that leg met no force plate.',
      mend: `The ${lost} leg of this trial can be neither trained nor tested on.`,
      yaml: 'mask:\n  stance: { channel: "{side}GroundReactionForce.z", above: 0.2 }',
    },
  ];
}

interface StatedUnit {
  readonly unit: MomentUnit;
  /** Who says so. */
  readonly by: 'study' | 'file' | 'convention';
}

function findUnit({ channel, file }: Signal, { study }: CheckContext, view: TrialView): StatedUnit | undefined {
  const declared = study && view.trial.use === 'study' ? study.torque.unit : undefined;
  if (declared === 'N' || declared === 'kgf') return undefined;
  if (declared) return { unit: declared, by: 'study' };
  const stated = findStatedUnit(file);
  if (stated) return { unit: stated, by: 'file' };
  if (channel.unit === 'N.m' || channel.unit === 'N.m/kg') return { unit: channel.unit, by: 'convention' };
  return undefined;
}

/** POINT:MOMENT_UNITS of a capture file. */
function findStatedUnit({ parameters }: CheckedFile): MomentUnit | undefined {
  const text = String([parameters?.POINT?.MOMENT_UNITS ?? ''].flat()[0] ?? '')
    .replace(/[\s.*·]/g, '')
    .toLowerCase();
  return ({ nmm: 'N.mm', nm: 'N.m', 'nmm/kg': 'N.mm/kg', 'nm/kg': 'N.m/kg' } as const)[text];
}

function checkUnit(
  view: TrialView,
  leg: Leg,
  moment: Signal,
  stated: StatedUnit | undefined,
  { study }: CheckContext,
): Draft[] {
  const { mass_kg } = view.trial;
  const knee = leg.knee && view.sample(leg.knee);
  // Somebody who sits still, or a static trial, may have any small moment.
  if (view.trial.use === 'static' || (knee && !findKneeSense(knee))) return [];
  const peak = calcPeak(moment.channel.values);
  if (!(peak > 0) || !stated) return [];
  const in_file = findStatedUnit(moment.file);
  const wrong_label =
    in_file !== undefined && stated.by === 'study' && in_file !== stated.unit && !isBelievable(peak, in_file, mass_kg);
  if (isBelievable(peak, stated.unit, mass_kg) && !wrong_label) return [];
  const believed = wrong_label ? stated.unit : guessMomentUnit(peak, mass_kg);
  const called = wrong_label ? in_file : stated.unit;
  const size =
    mass_kg === undefined ? '' : ` (${print(toNm_per_kg(peak, called, mass_kg))} N·m/kg at ${print(mass_kg)} kg)`;
  const says =
    stated.by === 'study' && !wrong_label
      ? 'the study says'
      : stated.by === 'convention'
        ? 'by convention it is'
        : 'the file says';
  const fits = isBelievable(peak, believed, mass_kg);
  return [
    makeMendable(
      {
        id: 'moment-unit',
        severity: 'error',
        where: placeOf(view.trial, moment.file, moment.channel.name),
        what: `${moment.channel.name} reaches ${print(peak)}; ${says} ${called}${size}, which no knee moment of a movement is.`,
        cause: fits
          ? `The values are in ${believed}${mass_kg === undefined ? '' : ` (then ${print(toNm_per_kg(peak, believed, mass_kg))} N·m/kg)`}: ${believed.endsWith('/kg') ? 'divided by body mass, which the label does not say' : 'the label is wrong'}.`
          : 'The numbers are in no usual unit of a moment.',
        mend: fits ? 'Say the unit that the values have.' : 'Export the moments again, in N·m.',
        ...(fits ? { yaml: `torque:\n  unit: ${believed}` } : {}),
        picture: () => ({
          title: `${moment.channel.name}, called ${called}`,
          x: 'time (s)',
          y: 'as in the file',
          lines: [
            { label: moment.channel.name, x: moment.channel.clock.times_s, y: moment.channel.values, tone: 'bad' },
          ],
        }),
      },
      wrong_label ? `torque.unit: ${study!.torque.unit}` : undefined,
    ),
  ];
}

function checkSign(
  view: TrialView,
  leg: Leg,
  moment: Signal,
  stated: StatedUnit | undefined,
  { study }: CheckContext,
): Draft[] {
  const { mass_kg, use } = view.trial;
  // A load cell counts what it is pulled by; nothing in it tells a sign.
  if (use === 'static' || (study && stated === undefined)) return [];
  const peak = calcPeak(moment.channel.values);
  const size = stated && (mass_kg ?? 0) > 0 ? toNm_per_kg(peak, stated.unit, mass_kg!) : undefined;
  const believable = stated && isBelievable(peak, stated.unit, mass_kg) ? size : undefined;
  const votes = findMomentSense(view, leg, believable, findBareLegs(view));
  const sum = votes.reduce((total, { weight }) => total + weight, 0);
  if (Math.abs(sum) < SURE) return [];
  const seen = sum > 0 ? 'extension' : 'flexion';
  const trial = findStudyTrial(study, view.trial);
  const declared = study
    ? (trial?.torque?.positive ?? study.torque.positive)
    : (moment.channel.positive as 'extension' | undefined);
  const reasons = votes.filter(({ weight }) => Math.sign(weight) === Math.sign(sum)).map(({ says }) => says);
  const where = placeOf(view.trial, moment.file, moment.channel.name);
  const picture = () => {
    const values = smooth(view.sample(moment), view.rate_Hz);
    const knee = leg.knee && view.sample(leg.knee);
    const sense = knee && findKneeSense(knee);
    const scale = calcPeak(values);
    return {
      title: `Positive is ${seen}`,
      x: 'time (s)',
      y: 'of their largest',
      lines: [
        { label: moment.channel.name, x: view.times_s, y: values.map((value) => value / scale), tone: 'bad' as const },
        ...(knee && sense
          ? [
              {
                label: 'knee flexion',
                x: view.times_s,
                y: knee.map((value) => (sense === 'flexion' ? value : -value) / calcPeak(knee)),
                tone: 'good' as const,
              },
            ]
          : []),
      ],
      rules: [{ y: 0, label: '' }],
    };
  };
  if (declared !== undefined && declared !== seen) {
    return [
      {
        id: 'moment-sign',
        severity: Math.abs(sum) >= CERTAIN ? 'error' : 'warning',
        where,
        what: `${study ? 'The study' : 'The file'} says that ${moment.channel.name} counts ${declared} positive, but it counts ${seen}: ${reasons.join('; ')}.`,
        cause: 'Conventions differ: internal or external moments, and models whose knee flexes to the positive side.',
        mend: 'Say what a positive value does; for one trial alone, under the trial.',
        yaml: `torque:\n  positive: ${seen}`,
        picture,
      },
    ];
  }
  if (declared !== undefined) return [];
  return [
    {
      id: 'moment-sign',
      severity: 'note',
      where,
      what: `${moment.channel.name} counts ${seen} positive: ${reasons.join('; ')}.`,
      cause:
        'The file does not say it, and sets differ: internal or external moments, models whose knee flexes to either side.',
      mend: 'A study has to say it.',
      yaml: `torque:\n  positive: ${seen}`,
      picture,
    },
  ];
}

function checkNoise(view: TrialView, moment: Signal, { study }: CheckContext): Draft[] {
  if (view.trial.use === 'static') return [];
  const values = view.sample(moment);
  const filtered = smooth(values, view.rate_Hz);
  const noise = calcSpread(values.map((value, i) => value - filtered[i])).deviation / calcSpread(filtered).deviation;
  if (!(noise > NOISY)) return [];
  const lowpass_Hz = study?.torque.lowpass_Hz;
  return [
    makeMendable(
      {
        id: 'moment-noisy',
        severity: 'warning',
        where: placeOf(view.trial, moment.file, moment.channel.name),
        what: `${moment.channel.name} is noisy: what is faster than 6 Hz has ${printPercent(noise)} of the standard deviation of the rest.`,
        cause: 'Inverse dynamics differentiates marker positions twice; the result was not low-passed.',
        mend: 'Low-pass the label, zero-phase, before it is learned from.',
        yaml: 'torque:\n  lowpass_Hz: 6',
        picture: () => {
          // Two seconds show the noise; the whole trial would be a black bar.
          const end = Math.min(values.length, 300);
          return {
            title: `${moment.channel.name} and its 6 Hz low-pass`,
            x: 'time (s)',
            y: '',
            lines: [
              { label: 'as in the file', x: view.times_s.subarray(0, end), y: values.subarray(0, end), tone: 'bad' },
              { label: 'below 6 Hz', x: view.times_s.subarray(0, end), y: filtered.subarray(0, end), tone: 'good' },
            ],
          };
        },
      },
      lowpass_Hz ? `torque.lowpass_Hz: ${lowpass_Hz}` : undefined,
    ),
  ];
}

function checkGaps(view: TrialView, moment: Signal, { study }: CheckContext): Draft[] {
  const { values, name, clock } = moment.channel;
  const missing = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0) / values.length;
  if (!(missing > MISSING)) return [];
  return [
    {
      id: 'moment-gaps',
      severity: missing > 0.5 && !study?.mask.stance ? 'warning' : 'note',
      where: placeOf(view.trial, moment.file, name),
      what: `${printPercent(missing)} of the samples of ${name} are missing.`,
      cause: 'Strides without a force plate, or with markers lost, have no moment.',
      mend: 'Missing samples are neither trained nor tested on.',
      picture: () => ({
        title: `${name}: gaps`,
        x: 'time (s)',
        y: '',
        lines: [{ label: name, x: clock.times_s, y: values, tone: 'bad' }],
      }),
    },
  ];
}
