import { describe, expect, it } from 'vitest';
import { readBibliography } from './cite/index.js';
import type { StudyEnvironment } from './environment.js';
import { writeReport } from './report/index.js';
import { makeReportData, type ReportSource } from './report-data.js';
import { makeRows } from './results.js';
import { type Study, studySchema } from './schema.js';
import type { ShownTrial } from './shown-trial.js';

const environment = { genu_version: '0.0.0', node_version: 'v20', platform: 'test', date: 'today' } as StudyEnvironment;

function makeStudy(people: number, change: object = {}): Study {
  return studySchema.parse({
    study: 'small',
    emg: { kind: 'raw', channels: { vas_lat_r: 'VL' } },
    motion: { coordinates: ['knee_angle_r'] },
    torque: { positive: 'extension' },
    cycle: { channel: 'hip_flexion_r', shortest_s: 0.5 },
    models: ['mean', 'ridge', 'hybrid'],
    split: { train_first: 0.7 },
    participants: Array.from({ length: people }, (_, i) => ({
      id: `P${i + 1}`,
      mass_kg: 60 + i,
      height_m: 1.6,
      side: i % 2 === 0 ? 'left' : 'right',
      trials: [{ id: 'walk', activity: 'walk' }],
    })),
    ...change,
  }) as Study;
}

/** Five cycles of 1 s: the torque is a sine, the hybrid is 0.1 too high, stance lasts for 60 %. */
function makeTrial(participant: string, condition: Partial<ShownTrial>): ShownTrial {
  const times_s = Float64Array.from({ length: 600 }, (_, i) => i / 100);
  const measured = times_s.map((t) => Math.sin(2 * Math.PI * t));
  const shift = (by: number) => measured.map((value) => value + by);
  return {
    participant,
    mass_kg: 60,
    activity: 'walk',
    trial: 'walk',
    times_s,
    measured,
    predicted: { mean: shift(0.5), ridge: shift(0.2), hybrid: shift(0.1) },
    compared: new Uint8Array(600).fill(1),
    usable: new Uint8Array(600).fill(1),
    reasons: [],
    intervals: [
      { model: 'hybrid', level: 0.9, half_width_Nm_per_kg: 0.11 },
      // Half of the frames get an interval that is too narrow.
      { model: 'ridge', level: 0.9, half_width_Nm_per_kg: times_s.map((_, i) => (i < 300 ? 0.3 : 0.1)) },
    ],
    stance: Uint8Array.from(times_s, (t) => ((t + 0.75) % 1 < 0.6 ? 1 : 0)),
    emg: new Map(),
    activations: new Map(),
    forces_N: new Map(),
    // Its maximum, where a cycle begins, is at 0.25 s.
    cycle: measured,
    attention: undefined,
    ...condition,
  };
}

function makeSource(study: Study, trials: readonly ShownTrial[]): ReportSource {
  const conditions = [
    ...new Set(trials.map(({ protocol, adaptation_s, policy }) => JSON.stringify({ protocol, adaptation_s, policy }))),
  ];
  return {
    study,
    rows: conditions.flatMap((condition) =>
      makeRows(
        trials.filter(
          ({ protocol, adaptation_s, policy }) => JSON.stringify({ protocol, adaptation_s, policy }) === condition,
        ),
        JSON.parse(condition),
        1,
      ),
    ),
    trials,
    uses: [],
    calibrations: [],
    training: [],
    emg_maxima: [],
    warnings: [],
    methods: [],
    files: [],
  };
}

describe('makeReportData of many participants and protocols', () => {
  const study = makeStudy(6, {
    protocols: ['within', 'between', 'transfer'],
    transfer: { seconds: [5, 20], policies: ['none', 'head'] },
  });
  const trials = study.participants.flatMap(({ id }) => [
    makeTrial(id, { protocol: 'within' }),
    makeTrial(id, { protocol: 'between' }),
    ...[5, 20].flatMap((adaptation_s) => [
      makeTrial(id, { protocol: 'transfer', adaptation_s, policy: 'none' }),
      makeTrial(id, { protocol: 'transfer', adaptation_s, policy: 'head' }),
    ]),
  ]);
  const data = makeReportData(makeSource(study, trials), environment);

  it('keeps every row under its condition, and shows the trials of one protocol only', () => {
    expect(data.protocols!.map(({ name }) => name)).toEqual(['within', 'between', 'transfer']);
    expect(data.errors).toHaveLength(7 * 2 * 3 * 6);
    expect(new Set(data.traces.map(({ protocol }) => protocol))).toEqual(new Set(['between']));
    expect(data.traces).toHaveLength(6);
    expect(data.participants[2]).toEqual({ name: 'P3', mass_kg: 62, height_m: 1.6 });
  });

  it('finds cycles by side, with toe-off at the end of stance', () => {
    const own = data.cycles.filter(({ participant }) => participant === 'P1');
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ side: 'left', protocol: 'between', cycles: 5 });
    // The cycle begins at 0.25 s, in stance until 0.85 s: 60 %, in whole frames.
    expect(own[0].toe_off_percent!.mean).toBeCloseTo(60, 0);
    const [hybrid, measured] = [own[0].predicted.hybrid!.mean, own[0].measured.mean];
    expect(hybrid[30]! - measured[30]!).toBeCloseTo(0.1, 9);
  });

  it('counts what the intervals of prediction held', () => {
    const find = (model: string, participant: string | null) =>
      data.coverage!.find((row) => row.model === model && row.participant === participant)!;
    expect(find('hybrid', 'P1')).toMatchObject({
      frames: 600,
      inside: 1,
      half_width_Nm_per_kg: expect.closeTo(0.11, 9),
    });
    expect(find('ridge', null)).toMatchObject({
      frames: 3600,
      inside: 0.5,
      half_width_Nm_per_kg: expect.closeTo(0.2, 9),
    });
  });

  it('pairs the peaks of each cycle', () => {
    const own = data.peaks!.filter(({ participant }) => participant === 'P2');
    expect(own).toHaveLength(5);
    for (const { measured_Nm_per_kg, predicted_Nm_per_kg, model } of own) {
      expect(model).toBe('hybrid');
      expect(measured_Nm_per_kg).toBeCloseTo(1, 6);
      expect(predicted_Nm_per_kg).toBeCloseTo(1.1, 6);
    }
  });

  it('is what a report is written from, masked peaks and all', () => {
    const html = writeReport(data);
    for (const section of ['protocols', 'participants', 'transfer', 'agreement', 'uncertainty'])
      expect(html).toContain(`<section id="${section}">`);
    expect(html).not.toMatch(/NaN|undefined/);
  });

  it('lists references where it is given the bibliography', () => {
    expect(data.references).toEqual([]);
    const keys = [...new Set(data.paragraphs!.join(' ').match(/(?<=@)[\w]+/g))];
    const bibliography = keys.map((key) => `@misc{${key},\n title = {T}\n}`).join('\n');
    const with_ = makeReportData({ ...makeSource(study, trials), bibliography }, environment);
    expect(with_.references!.map(({ key }) => key)).toEqual(keys);
    expect(readBibliography(bibliography).size).toBe(keys.length);
  });
});

it('one participant within reads as it always did: no protocols, no comparison of people', () => {
  const study = makeStudy(1);
  const data = makeReportData(makeSource(study, [makeTrial('P1', { protocol: 'within' })]), environment);
  expect(data.protocols).toEqual([]);
  expect(data.errors.every(({ protocol, participant }) => protocol === undefined && participant === null)).toBe(true);
  expect(data.cycles).toHaveLength(1);
  const html = writeReport(data);
  for (const section of ['protocols', 'participants', 'transfer', 'ablation', 'agreement', 'uncertainty'])
    expect(html).not.toContain(`<section id="${section}">`);
});
