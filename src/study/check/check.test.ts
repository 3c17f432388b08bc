import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Channel, type Clock, makeUniformClock, type Recording } from '../../data/index.js';
import { makeRandom } from '../../math/index.js';
import { electrodes, makeCohort, type VirtualParticipant } from '../../virtual/index.js';
import { readStudy } from '../layout.js';
import { type CheckedTrial, checkTrials, countFindings, type Finding, writeCheckPage, writeFindings } from './index.js';

/** Sound recordings of one simulated person, and faults put into them. The rates over many people are in docs/check.md. */

const activities = ['walk_12', 'squat'];
const makeStudy = (changes: object = {}) =>
  readStudy(
    {
      study: 'virtual',
      files: { emg: '{trial}/emg.sto', motion: '{trial}/motion.sto', moments: '{trial}/moments.sto' },
      emg: { kind: 'raw', channels: Object.fromEntries(electrodes.map((name) => [name, name])) },
      motion: { coordinates: ['hip_flexion_r', 'knee_angle_r'] },
      torque: { coordinate: 'knee_angle_r', channel: 'knee_angle_r_moment', unit: 'N.m', positive: 'extension' },
      participants: [{ id: 'virtual01', mass_kg: 70, trials: activities.map((id) => ({ id, activity: id })) }],
      split: { train_first: 0.7 },
      ...changes,
    },
    'study.yaml',
  );
const study = makeStudy();
let person: VirtualParticipant;
beforeAll(() => {
  [person] = makeCohort({ participants: 1, seed: 3, activities, duration_s: 12 });
});

type Edit = (recording: Recording, role: string, trial: string) => Recording;

function makeTrials(edit: Edit = (recording) => recording): CheckedTrial[] {
  const kinds = [
    ['emg', 'emg'],
    ['motion', 'coordinate'],
    ['moments', 'generalised_force'],
  ] as const;
  return person.trials
    .filter(({ kind }) => kind === 'motion')
    .map(({ name, recording }) => ({
      participant: person.id,
      trial: name,
      activity: name,
      use: 'study',
      mass_kg: person.mass_kg,
      model_knee: 'extension',
      files: kinds.map(([role, kind]) => {
        // A file does not say what positive means.
        const channels = recording.channels
          .filter((channel) => channel.kind === kind)
          .map((channel): Channel => ({ ...channel, positive: undefined }));
        return {
          file: `${name}/${role}.sto`,
          roles: [role],
          plates: [],
          recording: edit({ ...recording, channels }, role, name),
        };
      }),
    }));
}

/** Puts a fault into one channel, or all, of the files of a role. */
const spoil =
  (
    role: string,
    change: (values: Float64Array, clock: Clock) => Float64Array,
    channel?: string,
    trial?: string,
  ): Edit =>
  (recording, own, name) =>
    own !== role || (trial !== undefined && name !== trial)
      ? recording
      : {
          ...recording,
          channels: recording.channels.map((one) =>
            channel === undefined || one.name === channel ? { ...one, values: change(one.values, one.clock) } : one,
          ),
        };
const times = (factor: number) => (values: Float64Array) => values.map((value) => value * factor);
const exchange =
  (a: string, b: string): Edit =>
  (recording, role) =>
    role !== 'emg'
      ? recording
      : {
          ...recording,
          channels: recording.channels.map((one) =>
            one.name === a ? { ...one, name: b } : one.name === b ? { ...one, name: a } : one,
          ),
        };
const serious = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity !== 'note');

describe('sound recordings', () => {
  it('give no error and no warning', () => {
    expect(serious(checkTrials(makeTrials(), study))).toEqual([]);
  });
});

describe('a fault is named, where it is, with the line that mends it', () => {
  const random = makeRandom(1);
  it.each<[string, Edit, string, Partial<Finding>]>([
    ['the sign of the moment', spoil('moments', times(-1)), 'moment-sign', { yaml: 'torque:\n  positive: flexion' }],
    [
      'a moment in N·mm',
      spoil('moments', times(1000)),
      'moment-unit',
      { severity: 'error', yaml: 'torque:\n  unit: N.mm' },
    ],
    [
      'a moment divided by body mass',
      spoil('moments', (values) => values.map((value) => value / person.mass_kg)),
      'moment-unit',
      { yaml: 'torque:\n  unit: N.m/kg' },
    ],
    [
      'the sign of the knee angle',
      spoil('motion', times(-1), 'knee_angle_r'),
      'angle-sign',
      { severity: 'error', yaml: "motion:\n  channels:\n    knee_angle_r: { channel: 'knee_angle_r', factor: -1 }" },
    ],
    ['degrees called radians', spoil('motion', times(180 / Math.PI)), 'angle-unit', { yaml: 'motion:\n  unit: deg' }],
    ['radians called degrees', spoil('motion', times(Math.PI / 180)), 'angle-unit', { yaml: 'motion:\n  unit: rad' }],
    [
      'hum',
      spoil(
        'emg',
        (values, { times_s }) => values.map((value, i) => value + 1e-4 * Math.sin(2 * Math.PI * 50 * times_s[i])),
        'vas_lat_r',
      ),
      'emg-hum',
      { yaml: 'emg:\n  bandpass_Hz: [60, 450]' },
    ],
    ['a dead channel', spoil('emg', times(0), 'soleus_r'), 'emg-dead', { severity: 'error' }],
    ['white noise', spoil('emg', (values) => values.map(() => 2e-6 * random.normal()), 'soleus_r'), 'emg-noise', {}],
    [
      'a clipped channel',
      spoil('emg', (values) => values.map((value) => Math.max(-3e-5, Math.min(3e-5, value))), 'vas_med_r'),
      'emg-saturated',
      {},
    ],
    ['rectified EMG called raw', spoil('emg', (values) => values.map(Math.abs)), 'emg-form', { severity: 'error' }],
    [
      'EMG of one trial in another unit',
      spoil('emg', times(1e6), undefined, 'squat'),
      'emg-scale',
      { severity: 'error' },
    ],
    [
      'EMG that comes late',
      spoil('emg', (values) => values.map((_, i) => values[Math.max(0, i - 300)])),
      'emg-lag',
      {},
    ],
  ])('%s', (_, edit, id, expected) => {
    const found = checkTrials(makeTrials(edit), study, { pictures: true }).filter((finding) => finding.id === id);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject(expected);
    expect(XMLValidator.validate(found[0].picture!)).toBe(true);
    // A picture of something: a line with more than a handful of points.
    expect(found[0].picture).toMatch(/<path d="M[^"]{40,}"/);
    expect(found[0].what).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([
    ['vas_lat_r', 'bifemlh_r'],
    ['rect_fem_r', 'med_gas_r'],
    ['tib_ant_r', 'soleus_r'],
  ])('%s and %s exchanged', (a, b) => {
    const [swap] = serious(checkTrials(makeTrials(exchange(a, b)), study)).filter(({ id }) => id === 'emg-swapped');
    expect(swap.where.channel!.split(', ').sort()).toEqual([a, b].sort());
    expect(swap.yaml).toContain(`${a}: "${b}"`);
    expect(swap.yaml).toContain(`${b}: "${a}"`);
  });
});

describe('what the study declares', () => {
  it('takes care of units and signs', () => {
    const flexion = makeStudy({ torque: { channel: 'knee_angle_r_moment', unit: 'N.mm', positive: 'flexion' } });
    expect(serious(checkTrials(makeTrials(spoil('moments', times(-1000))), flexion))).toEqual([]);
    const turned = makeStudy({
      motion: { coordinates: ['knee_angle_r'], channels: { knee_angle_r: { channel: 'knee_angle_r', factor: -1 } } },
    });
    const findings = checkTrials(makeTrials(spoil('motion', times(-1), 'knee_angle_r')), turned);
    expect(serious(findings)).toEqual([]);
    expect(findings.find(({ id }) => id === 'angle-sign')).toMatchObject({
      severity: 'note',
      mended_by: 'motion.channels.knee_angle_r.factor: -1',
    });
  });
});

describe('time', () => {
  it('names files that share no time, jumps, and files that cannot be read', () => {
    const shift: Edit = (recording, role) =>
      role !== 'emg'
        ? recording
        : {
            ...recording,
            channels: recording.channels.map((one) => ({
              ...one,
              clock: { ...one.clock, times_s: one.clock.times_s.map((t) => t + 100) },
            })),
          };
    expect(checkTrials(makeTrials(shift), study).map(({ id }) => id)).toContain('time-not-shared');
    const jump: Edit = (recording) => {
      const clocks = new Map<Clock, Clock>();
      const move = (clock: Clock) => {
        if (!clocks.has(clock))
          clocks.set(clock, { rate_Hz: undefined, times_s: clock.times_s.map((t) => (t > 6 ? t + 2 : t)) });
        return clocks.get(clock)!;
      };
      return { ...recording, channels: recording.channels.map((one) => ({ ...one, clock: move(one.clock) })) };
    };
    const [found] = checkTrials(makeTrials(jump), study).filter(({ id }) => id === 'time-jump');
    expect(found.what).toMatch(/Time jumps 1 time, by up to 2(\.0\d)? s at 6/);
    const [broken] = checkTrials(
      [
        {
          use: 'study',
          files: [
            {
              file: 'a.sto',
              roles: [],
              plates: [],
              problem: { what: 'time stands still at sample 3.', mend: 'Cut it.' },
            },
          ],
        },
      ],
      undefined,
    );
    expect(broken).toMatchObject({ id: 'time-stamps', severity: 'error', mend: 'Cut it.' });
  });
});

describe('force plates', () => {
  const rate_Hz = 100;
  const count = 300;
  const clock = makeUniformClock(0, rate_Hz, count);
  const make = (name: string, kind: Channel['kind'], unit: Channel['unit'], value: (i: number) => number): Channel => ({
    name,
    kind,
    unit,
    clock,
    values: Float64Array.from({ length: count }, (_, i) => value(i)),
  });
  const corners = (x: number) =>
    [
      [x, 0, 0],
      [x - 0.5, 0, 0],
      [x - 0.5, 0.5, 0],
      [x, 0.5, 0],
    ] as const;
  const plates = [1, 2].map((n) => ({
    name: `plate${n}`,
    corners_m: corners(n),
    center_m: [n - 0.25, 0.25, 0] as const,
    measured: 'on_body' as const,
  }));
  /** Somebody of 70 kg stands on plate 1 from 1 to 2 s with the right foot; the left one is beside. */
  const record = (change: { force?: number; at?: number; foot?: number } = {}): CheckedTrial => {
    const on = (i: number) => i >= 100 && i < 200;
    const { force = 700, at = 0.75, foot = 0.75 } = change;
    const channels = [
      make('plate1.fz', 'ground_reaction', 'N', (i) => (on(i) ? force : 0)),
      make('plate1.px', 'ground_reaction', 'm', (i) => (on(i) ? at : Number.NaN)),
      make('plate1.py', 'ground_reaction', 'm', (i) => (on(i) ? 0.25 : Number.NaN)),
      ...(['R', 'L'] as const).flatMap((side) =>
        ['HEE', 'TOE'].flatMap((marker, m) => [
          make(`${side}${marker}.x`, 'marker', 'm', () => (side === 'R' ? foot : foot - 2)),
          make(`${side}${marker}.y`, 'marker', 'm', () => 0.2 + 0.1 * m),
          make(`${side}${marker}.z`, 'marker', 'm', () => 0.05),
        ]),
      ),
    ];
    return {
      use: 'study',
      mass_kg: 70,
      files: [{ file: 'a.c3d', roles: [], plates, recording: { name: 'a', channels, events: [], notes: [] } }],
    };
  };
  const ids = (trial: CheckedTrial) => serious(checkTrials([trial], undefined)).map(({ id }) => id);

  it('finds nothing where a foot stands on its plate, and says which foot', () => {
    expect(ids(record())).toEqual([]);
    expect(checkTrials([record()], undefined).find(({ id }) => id === 'plate-feet')?.what).toContain('plate1 right');
  });

  it('finds forces of another scale, a centre of pressure beside the plate, and plates that are exchanged', () => {
    expect(ids(record({ force: 70 }))).toEqual(['force-scale']);
    expect(checkTrials([record({ force: 70 })], undefined)[0].what).toContain('10 times too small');
    expect(ids(record({ at: 1.2, foot: 1.2 }))).toEqual(['pressure-off-plate']);
    const [exchanged] = serious(checkTrials([record({ foot: 1.75 })], undefined));
    expect(exchanged.id).toBe('plate-foot');
    expect(exchanged.cause).toContain('plate1 and plate2 are exchanged');
  });
});

describe('the result for people', () => {
  it('lists the most severe first, with the lines to add, and writes one page without requests', () => {
    const findings = checkTrials(makeTrials(spoil('moments', times(1000))), study, { pictures: true });
    const text = writeFindings(findings, 'study.yaml');
    expect(text.indexOf('error ')).toBeGreaterThanOrEqual(0);
    expect(text).toContain('torque:\n             unit: N.mm');
    expect(text).toMatch(/study\.yaml: \d+ errors?, \d+ warnings?, \d+ notes?\.$/);
    const page = writeCheckPage(findings, '<script>alert(1)</script>', '2026-01-01');
    expect(XMLValidator.validate(page.replace(/^<!DOCTYPE html>\n/, ''))).toBe(true);
    new XMLParser().parse(page);
    expect(page).not.toMatch(/<script|href="http|src=/);
    expect(page).toContain('&lt;script&gt;');
    expect(countFindings(findings).error).toBe(findings.filter(({ severity }) => severity === 'error').length);
  });
});
