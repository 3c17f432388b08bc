import { expect, it } from 'vitest';
import { readStudy } from './layout.js';
import { describeMethods } from './methods.js';

const written = {
  study: 'small',
  files: { emg: 'emg.sto', motion: 'ik.sto', moments: 'id.sto' },
  emg: { kind: 'raw', channels: { vas_lat_r: 'VL' } },
  motion: { coordinates: ['knee_angle_r'] },
  torque: { positive: 'extension' },
  participants: [{ id: 'P01', mass_kg: 70, trials: [{ id: 'walk', activity: 'walk' }] }],
  split: { train_first: 0.7 },
};
const describeStudy = (change: object = {}) =>
  describeMethods(readStudy({ ...written, ...change }, 'study.yaml')).join('\n');

it('says what zero-phase filters did', () => {
  const text = describeStudy();
  expect(text).toMatch(/EMG: band-pass 30–450 Hz, .* 6 Hz \(zero-lag 4th-order Butterworth\)/);
  expect(text).toMatch(/knee_angle_r\): low-pass filtered at 10 Hz \(zero-lag.*from the derivative of their spline/);
  expect(text).toContain('No frame is masked.');
});

it('says what causal filters did to the inputs, and that the label is zero-phase all the same', () => {
  const text = describeStudy({ filters: 'causal' });
  expect(text).toMatch(/EMG: .* 6 Hz \(causal 2nd-order Butterworth\)/);
  expect(text).toMatch(/knee_angle_r\): .*\(causal 2nd-order Butterworth\), angular velocities by backward difference/);
  expect(text).toMatch(/Label: .* 6 Hz \(zero-lag 4th-order Butterworth\)/);
});

it('follows masks, maxima and what is not filtered', () => {
  const text = describeStudy({
    emg: { ...written.emg, kind: 'envelope', maximum: 'none' },
    motion: { ...written.motion, lowpass_Hz: null, speeds: false },
    mask: { skip_start_s: 1, residual: { channels: ['pelvis_tx_force'], above_N: 100 } },
    training: { ensemble: 3 },
  });
  expect(text).toContain('EMG: envelopes as recorded, taken as they are.');
  expect(text).toContain('Angles (knee_angle_r): not filtered.');
  expect(text).toMatch(
    /Masked, .*: the first 1 s of each trial; frames whose residual \(pelvis_tx_force\) exceeds 100 N\./,
  );
  expect(text).toContain('mean of 3 networks');
});
