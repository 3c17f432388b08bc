import { findRuns, type Side } from '../../../data/index.js';
import { calcCorrelation, calcDerivative, calcQuantile } from '../../../signal/index.js';
import { findFootSpans } from '../../mask-stance.js';
import { findTrack } from '../contacts.js';
import type { CheckContext, Draft, TrialCheck } from '../draft.js';
import { makeMendable, placeOf, print, printPercent } from '../draft.js';
import { smooth } from '../knee.js';
import type { Leg, Signal, TrialView } from '../view.js';
import { findBareLegs } from './emg-side.js';
import { isLooked } from './moments.js';

const GRAVITY_m_per_s2 = 9.80665;
/** Both maxima of a whole step are near or above body weight (Perry & Burnfield 2010, Gait Analysis, ch. 22). */
const WHOLE_STEP = 0.8;
/** A foot is on the plate above this part of body weight. */
const CONTACT = 0.02;
/** The trunk passes over a foot that stands: the hip extends. Correlation of load and hip flexion speed that says so. */
const STANDS = 0.3;
/** Slowest foot marker of a standing foot, m/s; see mask.stance in a study. */
const STILL_m_per_s = 0.5;
const OFF_PLATE = 0.1;

/** The vertical force under each foot: sign, unit, which leg it belongs to, whole and partial contacts. */
export const checkLoads: TrialCheck = (view, context) => {
  if (view.trial.use === 'static') return [];
  const found: Draft[] = [];
  for (const leg of Object.values(view.legs)) {
    if (leg.load) found.push(...checkSense(view, leg.load), ...checkUnit(view, leg.load));
  }
  found.push(...checkFeet(view));
  for (const leg of Object.values(view.legs)) {
    if (!isLooked(view, leg, context)) continue;
    found.push(...checkContacts(view, leg, context));
  }
  return found;
};

const scaleOf = ({ channel }: Signal) => calcQuantile(channel.values.map(Math.abs), 0.99);

/** Force over body mass, where the values are so small that they cannot be newtons. */
function isPerMass(load: Signal): boolean {
  const peak = scaleOf(load);
  return load.channel.unit === '?' && peak > 4 && peak < 45;
}

function drawLoad(
  title: string,
  { channel }: Signal,
  rules: { y: number; label: string }[] = [],
  strips?: { start: number; end: number }[],
) {
  return () => ({
    title,
    x: 'time (s)',
    y: 'as in the file',
    lines: [{ label: channel.name, x: channel.clock.times_s, y: channel.values, tone: 'bad' as const }],
    rules,
    ...(strips ? { strips } : {}),
  });
}

function checkSense(view: TrialView, load: Signal): Draft[] {
  const { values, name } = load.channel;
  const [low, high] = [calcQuantile(values, 0.01), calcQuantile(values, 0.99)];
  if (!(-low > 3 * Math.max(high, 0) && -low > 0)) return [];
  return [
    {
      id: 'force-inverted',
      severity: 'error',
      where: placeOf(view.trial, load.file, name),
      what: `${name} pulls: it runs from ${print(low)} to ${print(high)}, but the ground can only push up.`,
      cause: 'The file holds the force on the plate, or the vertical axis points down.',
      mend: 'Turn all three forces of this plate, and calculate the moments again.',
      picture: drawLoad(`${name} is negative in stance`, load, [{ y: 0, label: '' }]),
    },
  ];
}

function checkUnit(view: TrialView, load: Signal): Draft[] {
  const stated = String([load.file.parameters?.POINT?.FORCE_UNITS ?? ''].flat()[0] ?? '').trim();
  if (!isPerMass(load) || stated === '' || /kg/i.test(stated)) return [];
  const { mass_kg } = view.trial;
  return [
    {
      id: 'force-unit',
      severity: 'note',
      where: placeOf(view.trial, load.file, load.channel.name),
      what: `${load.channel.name} reaches ${print(scaleOf(load))}; the file calls its unit ${stated}, but that is ${mass_kg === undefined ? 'less than any body weighs' : `${print(scaleOf(load) / GRAVITY_m_per_s2)} body weights if it is N/kg, and ${print((100 * scaleOf(load)) / (mass_kg * GRAVITY_m_per_s2))} % of one if it is N`}.`,
      cause: 'Plug-in Gait divides forces and moments by body mass and writes the plain unit beside them.',
      mend: 'Give levels of mask.stance in N/kg.',
      picture: drawLoad(`${load.channel.name}, called ${stated}`, load, [
        { y: GRAVITY_m_per_s2, label: 'body weight in N/kg' },
      ]),
    },
  ];
}

/** Which leg a vertical force belongs to, by the hip that extends while it stands. */
function checkFeet(view: TrialView): Draft[] {
  const { left, right } = view.legs;
  if (!left.load || !right.load || !left.hip || !right.hip) return [];
  const speeds = { left: hipSpeed(view, left.hip), right: hipSpeed(view, right.hip) };
  const loads = { left: view.sample(left.load), right: view.sample(right.load) };
  const fits = (load: Side, hip: Side) =>
    -calcCorrelation(
      loads[load].map((v) => (Number.isFinite(v) ? v : 0)),
      speeds[hip],
    );
  const [own, crossed] = [fits('left', 'left') + fits('right', 'right'), fits('left', 'right') + fits('right', 'left')];
  if (!(crossed > 2 * STANDS && own < 0)) return [];
  return [
    {
      id: 'plate-foot',
      severity: 'error',
      where: placeOf(view.trial, right.load.file, `${left.load.channel.name}, ${right.load.channel.name}`),
      what: `The vertical forces are those of the other leg: while ${right.load.channel.name} is loaded the left hip extends, as it does in stance, and the right one flexes (correlations ${fits('right', 'left').toFixed(2)} and ${fits('right', 'right').toFixed(2)}).`,
      cause: 'Left and right plate were exchanged when the forces were given to the feet.',
      mend: 'Exchange them where the forces are applied to the feet, and calculate the moments again.',
      picture: () => {
        const end = Math.min(view.times_s.length, 300);
        const cut = (values: Float64Array) =>
          values.subarray(0, end).map((value) => value / calcQuantile(values.map(Math.abs), 0.98));
        return {
          title: 'Load and hip of the same side, to one scale',
          x: 'time (s)',
          y: '',
          lines: [
            { label: right.load!.channel.name, x: view.times_s.subarray(0, end), y: cut(loads.right), tone: 'bad' },
            { label: 'right hip flexion speed', x: view.times_s.subarray(0, end), y: cut(speeds.right), tone: 'good' },
          ],
          rules: [{ y: 0, label: '' }],
        };
      },
    },
  ];
}

function hipSpeed(view: TrialView, hip: Signal): Float64Array {
  return calcDerivative(smooth(view.sample(hip), view.rate_Hz), view.rate_Hz, 'central');
}

/** Contacts of the leg that is studied: none, partial ones, and moments that are there without a plate. */
function checkContacts(view: TrialView, leg: Leg, { study }: CheckContext): Draft[] {
  const { trial } = view;
  const capture = trial.files.find(({ plates }) => plates.length > 0);
  const { stance } = study?.mask ?? {};
  const side = leg.side[0].toUpperCase();
  // Treadmills and moments of other programs have no such channel, and no plates that could be missed.
  if (!capture || (!leg.load && !(leg.knee && (view.legs.left.load || view.legs.right.load)))) return [];
  const bare = findBareLegs(view).has(leg.side);
  const level = leg.load && isPerMass(leg.load) ? GRAVITY_m_per_s2 : (trial.mass_kg ?? Number.NaN) * GRAVITY_m_per_s2;
  const contacts = leg.load
    ? findRuns(leg.load.channel.values.length, (i) => leg.load!.channel.values[i] > CONTACT * level)
    : [];
  const mended = stance ? `mask.stance.channel: ${stance.channel}` : undefined;
  if (contacts.length === 0) {
    return [
      makeMendable(
        {
          id: 'no-plate-contact',
          severity: bare ? 'note' : 'error',
          where: placeOf(trial, capture, leg.load?.channel.name),
          what: `The ${leg.side} leg${bare ? '' : leg.side === view.side || findBareLegs(view).size > 0 ? ', the one with the electrodes,' : ''} met no force plate in this trial${leg.load ? '' : ` (there is no ${side}GroundReactionForce)`}.`,
          cause: 'The step missed the plates.',
          mend: 'No knee moment of its stance holds. The trial can be used for its swing, its EMG and angles only.',
          yaml: 'mask:\n  stance: { channel: "{side}GroundReactionForce.z", above: 0.2 }',
        },
        mended,
      ),
    ];
  }
  const found: Draft[] = [];
  const load = leg.load!;
  const { values, clock } = load.channel;
  const spans = findFootSpans(
    { name: '', channels: [load.channel], events: [], notes: [] },
    {
      channel: load.channel.name,
      above: CONTACT * level,
      both_halves_above: WHOLE_STEP * level,
      trim_s: 0,
      swing: 'mask',
      swing_markers: [''],
      swing_above_m_per_s: 1.2,
    },
    load.channel.name,
  );
  // A step that the recording cuts off is no partial one of this kind: what is left of it holds.
  const partial = spans.partial;
  if (partial.length > 0) {
    const frame = (time: number) => Math.round((time - clock.times_s[0]) * (clock.rate_Hz ?? 0));
    const peaks = partial.map(
      ({ start_s, end_s }) => Math.max(...values.subarray(frame(start_s), frame(end_s) + 1)) / level,
    );
    found.push(
      makeMendable(
        {
          id: 'partial-contact',
          severity: bare ? 'note' : 'warning',
          where: placeOf(trial, load.file, load.channel.name),
          what: `${partial.length} of ${contacts.length} contacts of the ${leg.side} foot are partial: ${partial.map(({ start_s, end_s }, i) => `frames ${frame(start_s)} to ${frame(end_s)} (${print(start_s)} to ${print(end_s)} s) reach ${print(peaks[i])} of body weight at most, and less than ${WHOLE_STEP} in one half`).join('; ')}.`,
          cause:
            'The foot stood beside the plate too, and gave a part of its force to the floor. Or the recording begins or ends in the step.',
          mend: 'The moments of such a step are wrong. Mask it.',
          yaml: `mask:\n  stance: { channel: "{side}GroundReactionForce.z", above: ${print(CONTACT * GRAVITY_m_per_s2)}, both_halves_above: ${print(WHOLE_STEP * level)} }`,
          picture: drawLoad(
            `${load.channel.name}: partial contacts`,
            load,
            [{ y: WHOLE_STEP * level, label: `${WHOLE_STEP} of body weight` }],
            partial.map(({ start_s, end_s }) => ({ start: start_s, end: end_s })),
          ),
        },
        stance?.both_halves_above ? `mask.stance.both_halves_above: ${stance.both_halves_above}` : undefined,
      ),
    );
  }
  return [
    ...found,
    ...checkOffPlate(
      view,
      leg,
      capture,
      contacts.map(({ start, end }) => [clock.times_s[start], clock.times_s[end - 1]]),
      mended,
      bare,
    ),
  ];
}

/** Frames with a moment in which the foot stands on the floor. */
function checkOffPlate(
  view: TrialView,
  leg: Leg,
  capture: Signal['file'],
  contacts: readonly (readonly number[])[],
  mended: string | undefined,
  bare: boolean,
): Draft[] {
  const letter = leg.side[0].toUpperCase();
  const [heel, toe] = [findTrack(capture, `${letter}HEE`), findTrack(capture, `${letter}TOE`)];
  if (!leg.moment || !heel || !toe || heel.clock.rate_Hz === undefined) return [];
  const speeds = [heel, toe].map(({ axes, clock }) => {
    const [x, y, z] = axes.map((values) => calcDerivative(values, clock.rate_Hz!, 'central'));
    return x.map((value, i) => Math.hypot(value, y[i], z[i]));
  });
  const { channel } = leg.moment;
  const { times_s } = channel.clock;
  let [given, off] = [0, 0];
  const strips: { start: number; end: number }[] = [];
  times_s.forEach((time, i) => {
    if (!Number.isFinite(channel.values[i]) || channel.values[i] === 0) return;
    given++;
    const stands = speeds.some((speed) => speed[i] < STILL_m_per_s);
    if (!stands || contacts.some(([from, to]) => time >= from && time <= to)) return;
    off++;
    const last = strips.at(-1);
    if (last && time - last.end < 0.05) last.end = time;
    else strips.push({ start: time, end: time });
  });
  if (!(off > OFF_PLATE * given)) return [];
  return [
    makeMendable(
      {
        id: 'moment-off-plate',
        severity: bare ? 'note' : 'warning',
        where: placeOf(view.trial, leg.moment.file, channel.name),
        what: `${channel.name} has values in ${off} frames (${printPercent(off / given)}) in which the foot stands on the floor and on no plate.`,
        cause: 'Without the ground reaction force inverse dynamics goes on as if the leg swung.',
        mend: 'The moment holds in stance on a plate, and in swing. Mask the rest.',
        yaml: 'mask:\n  stance: { channel: "{side}GroundReactionForce.z", above: 0.2 }',
        picture: () => ({
          title: `${channel.name}: foot on the floor`,
          x: 'time (s)',
          y: 'as in the file',
          lines: [{ label: channel.name, x: times_s, y: channel.values, tone: 'plain' }],
          strips,
        }),
      },
      mended,
    ),
  ];
}
