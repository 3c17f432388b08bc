import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../cli/runtime/onnxruntime.js';
import { makeTestBundle, testRanges } from './bundle.fixture.js';
import { type Bundle, type BundleKind, readBundle, writeBundle } from './bundle.js';
import { makeGolden } from './golden.js';
import { loadEstimator, releaseEstimator } from './load.js';

async function makeGoldenBundle(kind: BundleKind, person: string | null = 'p1'): Promise<Bundle> {
  const bundle = makeTestBundle(kind);
  const estimator = await loadEstimator(bundle, nodeRuntime);
  return { ...bundle, golden: await makeGolden(estimator, testRanges(bundle), person ?? undefined) };
}
/** Through a file, so that every checksum is that of the changed bundle. */
const load = (bundle: Bundle) => loadEstimator(readBundle(writeBundle(bundle), 'm.genu'), nodeRuntime, 'm.genu');

describe('the golden case', () => {
  it.each(['mean', 'ridge', 'nms', 'network', 'hybrid'] as const)('comes out again from a %s bundle', async (kind) => {
    const bundle = await makeGoldenBundle(kind);
    const output = bundle.golden!.output[kind];
    expect(output.filter((value) => value !== null).length).toBeGreaterThan(100);
    await expect(load(bundle)).resolves.toMatchObject({ bundle: { kind } });
  });

  it('shows one changed number of one network, whose checksums are right', async () => {
    const bundle = await makeGoldenBundle('network');
    const { inputs, members } = bundle.network!;
    // The mean that the network adds to its output is the only 0.2 in it.
    const number = Buffer.from(Float32Array.of(0.2).buffer);
    const onnx = Buffer.from(members[1]);
    const at = onnx.indexOf(number);
    expect(at).toBeGreaterThan(0);
    expect(onnx.indexOf(number, at + 1)).toBe(-1);
    onnx.writeFloatLE(0.21, at);
    const changed = { ...bundle, network: { inputs, members: [members[0], new Uint8Array(onnx)] } };
    await expect(load(changed)).rejects.toThrow(
      /m\.genu: its golden case comes out differently: network is off by 0\.0050/,
    );
  });

  it('shows a single changed weight of the ridge', async () => {
    const bundle = await makeGoldenBundle('ridge');
    const weights = bundle.ridge.weights.slice();
    weights[0] += 0.05;
    await expect(load({ ...bundle, ridge: { ...bundle.ridge, weights } })).rejects.toThrow(/ridge is off by/);
  });

  it('shows a changed maximum, muscle, mass, window or filter', async () => {
    const bundle = await makeGoldenBundle('hybrid');
    const { p1 } = bundle.people;
    const withPerson = (change: Partial<typeof p1>) => ({
      ...bundle,
      people: { ...bundle.people, p1: { ...p1, ...change } },
    });
    const { emg } = bundle.spec;
    const changes: Bundle[] = [
      withPerson({ emg_maxima: p1.emg_maxima.map((maximum, c) => (c === 2 ? 1.05 * maximum : maximum)) }),
      withPerson({ mass_kg: 71 }),
      withPerson({ muscles: p1.muscles.map((muscle, m) => (m === 4 ? { ...muscle, strength: 1.3 } : muscle)) }),
      { ...bundle, spec: { ...bundle.spec, emg: { ...emg, lowpass_Hz: 5 } } },
      { ...bundle, spec: { ...bundle.spec, window: { past: 18, future: 2, step: 2 } } },
    ];
    for (const changed of changes) await expect(load(changed)).rejects.toThrow(/golden case comes out differently/);
  });

  it('leaves no network loaded behind when it comes out differently', async () => {
    const bundle = await makeGoldenBundle('network');
    let loaded = 0;
    const counting = {
      createSession: async (...given: Parameters<typeof nodeRuntime.createSession>) => {
        const session = await nodeRuntime.createSession(...given);
        loaded++;
        const release = async () => {
          loaded--;
          await session.release();
        };
        return { run: session.run.bind(session), release };
      },
    };
    const people = { ...bundle.people, p1: bundle.people.p2 };
    await expect(loadEstimator({ ...bundle, people }, counting)).rejects.toThrow(/golden/);
    expect(loaded).toBe(0);
    const estimator = await loadEstimator(bundle, counting);
    expect(loaded).toBe(2);
    await releaseEstimator(estimator);
    expect(loaded).toBe(0);
  });

  it('can be of somebody the bundle does not know', async () => {
    await expect(load(await makeGoldenBundle('nms', null))).resolves.toBeDefined();
  });
});
