import { describe, expect, it } from 'vitest';
import {
  type Channel,
  type ChannelKind,
  makeClock,
  makeUniformClock,
  type Recording,
  type Unit,
} from '../data/index.js';
import { inspectRecording } from './inspect.js';

const wave = (count: number, size = 1) => Float64Array.from({ length: count }, (_, i) => size * Math.sin(i / 7));

function makeChannel(name: string, kind: ChannelKind, unit: Unit, values: Float64Array, rate_Hz = 100): Channel {
  return { name, kind, unit, clock: makeUniformClock(0, rate_Hz, values.length), values };
}

function inspect(...channels: Channel[]) {
  const recording: Recording = { name: 'walk', channels, events: [], notes: ['read from afar'] };
  return inspectRecording(recording);
}

function warn(kind: ChannelKind, unit: Unit, values: Float64Array): readonly string[] {
  return inspect(makeChannel('x', kind, unit, values)).channels[0].warnings;
}

describe('inspectRecording', () => {
  it('sums up, past gaps, and survives JSON', () => {
    const values = Float64Array.of(1, Number.NaN, Number.NaN, 3, Number.NaN, 5);
    const summary = inspect(makeChannel('knee_angle_r', 'coordinate', 'rad', values, 10));
    expect(summary.channels[0]).toMatchObject({
      name: 'knee_angle_r',
      kind: 'coordinate',
      unit: 'rad',
      rate_Hz: 10,
      samples: 6,
      start_s: 0,
      duration_s: 0.5,
      min: 1,
      max: 5,
      mean: 3,
      gaps: { count: 2, missing_samples: 3, longest_s: expect.closeTo(0.2, 9) },
      warnings: ['x: 3 of 6 samples are missing; the longest gap is 0.2 s.'.replace('x', 'knee_angle_r')],
    });
    expect(summary.notes).toEqual(['read from afar']);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    const empty = inspect(makeChannel('x', 'emg', 'V', new Float64Array(3).fill(Number.NaN)));
    expect(empty.channels[0]).toMatchObject({ min: null, max: null, mean: null });
    expect(JSON.parse(JSON.stringify(empty))).toEqual(empty);
  });

  it('finds nothing wrong with sound channels', () => {
    const sound = inspect(
      makeChannel('emg', 'emg', 'V', wave(500, 1e-3)),
      makeChannel('q', 'coordinate', 'rad', wave(500)),
      makeChannel('e', 'emg_envelope', '1', wave(500, 0.5).map(Math.abs)),
      makeChannel('ground_force_px', 'ground_reaction', 'm', new Float64Array(500)),
    );
    expect(sound.warnings).toEqual([]);
    expect(sound.channels.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  it.each<[string, ChannelKind, Unit, Float64Array, RegExp]>([
    ['degrees called radians', 'coordinate', 'rad', wave(100, 60), /x: reaches .* rad.*probably degrees/],
    ['zeros', 'emg', 'V', new Float64Array(50), /every sample is zero; the sensor or the export is dead/],
    ['a constant', 'emg_envelope', '1', new Float64Array(50).fill(0.2), /every sample is 0.2; .*dead/],
    ['a locked coordinate', 'coordinate', 'rad', new Float64Array(50), /zero; right for a locked coordinate only/],
    ['an untouched plate', 'ground_reaction', 'N', new Float64Array(50), /nobody stepped on this plate/],
    ['no values', 'emg', 'V', new Float64Array(5).fill(Number.NaN), /no sample with a value/],
    [
      'clipping',
      'emg',
      'V',
      wave(300, 5).map((v) => Math.max(-3.3, Math.min(3.3, v))),
      /samples sit exactly at -3.3 and 3.3; .*clipped/,
    ],
    [
      'a dropout',
      'coordinate',
      'rad',
      wave(300).map((v, i) => (i > 100 && i < 180 ? 0.123 : v)),
      /stays at one value for 0.79 s/,
    ],
    ['a negative envelope', 'emg_envelope', '1', wave(100, 0.9), /samples of this envelope are negative \(lowest -0.9/],
    ['an envelope above 1', 'emg_envelope', '1', wave(100, 1.3).map(Math.abs), /reaches 1.3, above the maximum/],
    ['rectified raw EMG', 'emg', 'V', wave(100).map(Math.abs), /never negative; .*rectified/],
    ['an offset', 'emg', 'V', wave(100).map((v) => v + 0.6), /raw EMG with an offset of 0\./],
    ['infinity', 'other', '?', Float64Array.of(1, 2, Number.NEGATIVE_INFINITY), /1 samples are infinite/],
  ])('sees %s', (_, kind, unit, values, sentence) => {
    expect(warn(kind, unit, values)).toContainEqual(expect.stringMatching(sentence));
  });

  it('sees uneven time, repeated names, clocks that do not meet and events outside', () => {
    const uneven: Channel = {
      ...makeChannel('a', 'other', '?', wave(4)),
      clock: makeClock(Float64Array.of(0, 0.01, 0.05, 0.06)),
    };
    const late: Channel = { ...makeChannel('a', 'other', '?', wave(4)), clock: makeUniformClock(9, 100, 4) };
    const events = [{ name: 'heel strike', time_s: 99, side: 'right' as const }];
    const summary = inspectRecording({ name: 'walk', channels: [uneven, late], events, notes: [] });
    expect(summary.warnings).toEqual([
      'Time is uneven for 1 channels (a): steps from 0.01 to 0.04 s.',
      'The channels share no time: some end before others begin.',
      '1 of 1 events lie outside the time that all channels share.',
      'More than one channel is called a.',
    ]);
    expect(summary.events).toEqual(events);
    expect(inspect().warnings).toEqual(['There are no channels.']);
  });
});
