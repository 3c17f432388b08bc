import { calcQuantile } from '../../../signal/index.js';
import type { Draft, TrialCheck } from '../draft.js';
import { makeMendable, placeOf, print, printPercent } from '../draft.js';
import { findKneeSense, STILL_rad } from '../knee.js';
import type { Signal, TrialView } from '../view.js';
import { isLooked } from './moments.js';

/** No knee or hip turns further (rad): more is degrees. */
const WIDEST_rad = 3.5;
/** A knee that moves by less than this, while its moment changes or its foot lifts, was turned from radians into radians (rad). */
const NARROWEST_rad = 0.09;
const MISSING = 0.02;

/** Angles of knee and hip: unit, sign, gaps. */
export const checkAngles: TrialCheck = (view, context) => {
  const { study } = context;
  const found: Draft[] = [];
  for (const leg of Object.values(view.legs)) {
    if (!isLooked(view, leg, context)) continue;
    for (const signal of [leg.knee, leg.hip]) {
      if (signal?.channel.unit !== 'rad') continue;
      found.push(...checkUnit(view, signal, signal === leg.knee), ...checkGaps(view, signal));
    }
    if (leg.knee && (!study || leg.side === view.side)) found.push(...checkSense(view, leg.knee, context.study));
  }
  return found;
};

function drawAngle(title: string, { channel }: Signal, degrees: boolean) {
  const factor = degrees ? 180 / Math.PI : 1;
  return () => ({
    title,
    x: 'time (s)',
    y: degrees ? 'deg' : 'rad',
    lines: [
      { label: channel.name, x: channel.clock.times_s, y: channel.values.map((v) => v * factor), tone: 'bad' as const },
    ],
    rules: [{ y: 0, label: 'straight' }],
  });
}

function checkUnit(view: TrialView, signal: Signal, knee: boolean): Draft[] {
  const { channel, file } = signal;
  const [low, high] = [calcQuantile(channel.values, 0.01), calcQuantile(channel.values, 0.99)];
  const where = placeOf(view.trial, file, channel.name);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (largest > WIDEST_rad) {
    return [
      {
        id: 'angle-unit',
        severity: 'error',
        where,
        what: `${channel.name} reaches ${print(largest)} when read as radians, more than a joint turns.`,
        cause: 'The values are degrees, and the header says radians (inDegrees=no), or nothing.',
        mend: 'Say that the angles are degrees.',
        yaml: 'motion:\n  unit: deg',
        picture: drawAngle(`${channel.name}, called radians`, signal, false),
      },
    ];
  }
  // Only gait tells: a knee that is held for a dynamometer does not move either.
  const moves =
    Object.values(view.legs).some(({ load }) => load) ||
    /walk|run|gait|straight|turn|stair|squat|sit/i.test(`${view.trial.activity} ${view.trial.trial}`);
  const scaled = (180 / Math.PI) * (high - low);
  if (knee && view.trial.use === 'study' && moves && high - low < NARROWEST_rad && scaled > 0.5 && scaled < 3) {
    return [
      {
        id: 'angle-unit',
        severity: 'error',
        where,
        what: `${channel.name} moves by ${print(high - low)} rad only (${print(scaled)}°): ${print(scaled)} rad would be a knee that walks.`,
        cause: 'The values are radians, and the header says degrees (inDegrees=yes).',
        mend: 'Say that the angles are radians.',
        yaml: 'motion:\n  unit: rad',
        picture: drawAngle(`${channel.name}, called degrees`, signal, true),
      },
    ];
  }
  return [];
}

function checkSense(view: TrialView, signal: Signal, study: Parameters<TrialCheck>[1]['study']): Draft[] {
  const { channel, file } = signal;
  const seen = findKneeSense(channel.values);
  const largest = Math.max(...[0.01, 0.99].map((share) => Math.abs(calcQuantile(channel.values, share))));
  if (!seen || !(largest > 2 * STILL_rad) || largest > WIDEST_rad || view.trial.use === 'static') return [];
  const where = placeOf(view.trial, file, channel.name);
  const range = [0.01, 0.99].map((share) => print((180 / Math.PI) * calcQuantile(channel.values, share))).join('° to ');
  if (!study) {
    return [
      {
        id: 'angle-sign',
        severity: 'note',
        where,
        what: `${channel.name} counts ${seen} positive: it runs from ${range}°.`,
        cause:
          'Plug-in Gait and newer OpenSim models count flexion positive, gait2392 and the generic leg of genu count it negative.',
        mend: 'Nothing to do with the model that the angles were made with. With another one, turn them.',
        ...(seen === 'flexion'
          ? {
              yaml: `motion:\n  channels:\n    knee_angle_r: { channel: '${channel.name}', factor: -1 }   # for a model that flexes to the negative side`,
            }
          : {}),
        picture: drawAngle(`${channel.name}: ${seen} positive`, signal, true),
      },
    ];
  }
  const { coordinate } = study.torque;
  const mapped = study.motion.channels?.[coordinate];
  const factor = Math.sign(mapped?.factor ?? 1);
  const meant = view.trial.model_knee;
  if (meant === undefined) return [];
  const given = factor > 0 ? seen : seen === 'flexion' ? 'extension' : 'flexion';
  const turned = mapped && factor < 0;
  if (given === meant && !turned) return [];
  return [
    makeMendable(
      {
        id: 'angle-sign',
        severity: 'error',
        where,
        what: `${channel.name} counts ${seen} positive (${range}°), the model's ${coordinate} ${meant}.`,
        cause: 'The angles were made with another model or program than the muscles are taken from.',
        mend: 'Turn the angle.',
        yaml: `motion:\n  channels:\n    ${coordinate}: { channel: '${mapped?.channel ?? channel.name}', factor: ${-factor * Math.abs(mapped?.factor ?? 1)} }`,
        picture: drawAngle(`${channel.name}: ${seen} positive`, signal, true),
      },
      given === meant ? `motion.channels.${coordinate}.factor: ${mapped!.factor}` : undefined,
    ),
  ];
}

function checkGaps(view: TrialView, signal: Signal): Draft[] {
  const { values, name } = signal.channel;
  const missing = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0) / values.length;
  if (!(missing > MISSING)) return [];
  return [
    {
      id: 'angle-gaps',
      severity: missing > 0.3 ? 'warning' : 'note',
      where: placeOf(view.trial, signal.file, name),
      what: `${printPercent(missing)} of the samples of ${name} are missing.`,
      cause: 'Markers were lost, and the gaps were not filled.',
      mend: 'Missing frames are left out. Fill gaps of the markers in the capture program if they are short.',
      picture: drawAngle(`${name}: gaps`, signal, true),
    },
  ];
}
