import { describe, expect, it } from 'vitest';
import { makeExecutor } from '../cli/runtime/executors.js';
import type { WindowSet } from '../learn/index.js';
import { changeChannel, makeTestBundle, makeTestRecording, testSpec } from './bundle.fixture.js';
import { readBundle, writeBundle } from './bundle.js';
import { type Estimate, estimateTrial, makeInputs } from './estimate.js';
import type { Estimator } from './estimator.js';
import { loadEstimator } from './load.js';
import { fitUncertainty } from './uncertainty.js';
import { listSequences, listWindowFrames, locateWindow } from './windows.js';

const executor = await makeExecutor('auto');
const plain = await loadEstimator(makeTestBundle('network'), executor);
const known = { id: 'p1' };
const record = (seed: string) => makeTestRecording({ seed, duration_s: 8 });

/** The windows of a trial with labels that the networks miss by known amounts: 0.001 N·m/kg times the number of the window. */
function makeWindows({ prepared, envelopes, torque_Nm_per_kg }: Estimate): WindowSet {
  const table = makeInputs(prepared, envelopes, undefined, plain.bundle);
  const frames = listWindowFrames(table, testSpec.window);
  const places = frames.map((frame) => locateWindow(frame, testSpec.window));
  return {
    sequences: listSequences(table, testSpec.window.step),
    sequence: Int32Array.from(places, ({ sequence }) => sequence),
    end: Int32Array.from(places, ({ end }) => end),
    labels: Float32Array.from(frames, (frame, k) => torque_Nm_per_kg.network![frame] + (k % 2 ? 0.001 : -0.001) * k),
  };
}

async function fit(): Promise<Estimator> {
  const train = makeWindows(await estimateTrial(plain, record('a'), known));
  const validation = makeWindows(await estimateTrial(plain, record('b'), known));
  const uncertainty = await fitUncertainty(plain.networks, { train, validation }, (sentence) => expect.fail(sentence));
  const bundle = readBundle(writeBundle({ ...plain.bundle, uncertainty }), 'm.genu');
  expect(bundle.uncertainty).toEqual(uncertainty);
  return loadEstimator(bundle, executor);
}
const estimator = await fit();

describe('uncertainty of a bundle', () => {
  it('has the margin that nine in ten validation frames keep', () => {
    // 781 windows whose errors are 0, 0.001, … N·m/kg: the 704th smallest, ⌈782 · 0.9⌉.
    expect(estimator.bundle.uncertainty!.margin.rows).toBe(781);
    expect(estimator.bundle.uncertainty!.margin.margin).toBeCloseTo(0.703, 5);
  });

  it('comes with every estimate, and an ordinary recording is not called far from training', async () => {
    const { novel, notes, half_width_Nm_per_kg } = await estimateTrial(estimator, record('b'), known);
    expect(half_width_Nm_per_kg).toBe(estimator.bundle.uncertainty!.margin.margin);
    expect(novel!.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(0.01 * 781);
    expect(notes.join()).not.toMatch(/far from those of training/);
    const without = await estimateTrial(plain, record('b'), known);
    expect([without.novel, without.half_width_Nm_per_kg]).toEqual([undefined, undefined]);
  });

  it('flags just the frames whose windows meet what training never saw, and says how many', async () => {
    const strange = changeChannel(record('b'), 'motion', 'knee_angle_r', (channel) => ({
      ...channel,
      values: channel.values.map((angle, i) => (i >= 400 && i < 500 ? angle - 2 : angle)),
    }));
    const { novel, notes } = await estimateTrial(estimator, strange, known);
    for (let i = 405; i < 495; i++) expect(novel![i], `frame ${i}`).toBe(1);
    const count = novel!.reduce((a, b) => a + b, 0);
    expect(count).toBeLessThan(100 + testSpec.window.past + 40);
    expect(notes.join()).toContain(`the inputs of ${count} of 781 predicted frames`);
  });

  it('says so where there are too few windows to know', async () => {
    const windows = makeWindows(await estimateTrial(plain, makeTestRecording({ duration_s: 1 }), known));
    const said: string[] = [];
    const found = await fitUncertainty(plain.networks, { train: windows, validation: windows }, (note) =>
      said.push(note),
    );
    expect(found.novelty).toBeNull();
    expect(said.join()).toMatch(/far from the training data cannot be told: .*Hold out/);
  });
});
