import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LearnError } from '../errors.js';
import { type NetworkDescription, readDescription, writeDescription } from './metadata.js';

const network = { inputs: ['EMG vas_lat_r', 'knee_angle_r'], outputs: 1, window: 50 };
const description: NetworkDescription = {
  inputs: [
    { name: 'EMG vas_lat_r', unit: '1' },
    { name: 'knee_angle_r', unit: 'rad' },
  ],
  outputs: [{ name: 'knee torque', unit: 'N.m/kg' }],
  positive: 'extension',
  rate_Hz: 100,
  window_s: 0.5,
};

test('a description comes back as it was written, at any rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 1, max: 1e4, noNaN: true }), (window, rate_Hz) => {
      const given = { ...description, rate_Hz, window_s: window / rate_Hz };
      const metadata = { subject: 'S01', ...writeDescription(given, { ...network, window }) };
      expect(readDescription(metadata, { ...network, window })).toEqual(given);
    }),
  );
});

test('a file may be without one', () => {
  expect(readDescription({ 'genu.network': '{}', subject: 'S01' }, network)).toBeUndefined();
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  ['half of it', { 'genu.rate_Hz': undefined }, /entry genu\.rate_Hz: is missing/],
  ['no JSON', { 'genu.inputs': '[' }, /genu\.inputs: is no JSON/],
  ['another form', { 'genu.outputs': '[null]' }, /genu\.outputs: is no list of names/],
  ['an output too many', { 'genu.outputs': '[{"name":"a","unit":"m"},{"name":"b","unit":"m"}]' }, /names 2 outputs/],
  ['other channels', { 'genu.inputs': '[{"name":"EMG vas_lat_r","unit":"1"}]' }, /the network's inputs are/],
  ['no unit', { 'genu.outputs': '[{"name":"a","unit":""}]' }, /no unit/],
  ['no direction', { 'genu.positive': '' }, /names no direction/],
  ['no rate', { 'genu.rate_Hz': 'fast' }, /genu\.rate_Hz: must be above 0, is NaN/],
  ['another window', { 'genu.window_s': '0.6' }, /50 frames at 100 Hz are 0\.5/],
])('refuses %s', (_, change, message) => {
  const pairs = Object.entries({ ...writeDescription(description, network), ...change });
  const metadata = Object.fromEntries(pairs.filter(([, text]) => text !== undefined)) as Record<string, string>;
  expect(() => readDescription(metadata, network)).toThrow(LearnError);
  expect(() => readDescription(metadata, network)).toThrow(message);
});

test('refuses to write what does not fit the network', () => {
  expect(() => writeDescription({ ...description, rate_Hz: 200 }, network)).toThrow(/genu\.window_s: is 0\.5/);
});
