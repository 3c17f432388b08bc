import { describe, expect, it } from 'vitest';
import { makeExecutor } from '../cli/runtime/executors.js';
import { makeTestBundle, makeTestNetwork, testRanges } from './bundle.fixture.js';
import { type Bundle, readBundle, writeBundle } from './bundle.js';
import { makeGolden } from './golden.js';
import { type BundleKind, modelKinds } from './kinds.js';
import { loadEstimator, releaseEstimator } from './load.js';
import { countWindowSamples } from './spec.js';

const executor = await makeExecutor('auto');

async function makeGoldenBundle(kind: BundleKind, person: string | null = 'p1'): Promise<Bundle> {
  const bundle = makeTestBundle(kind);
  const estimator = await loadEstimator(bundle, executor);
  return { ...bundle, golden: await makeGolden(estimator, testRanges(bundle), person ?? undefined) };
}
/** Through a file, so that every checksum is that of the changed bundle. */
const load = (bundle: Bundle) => loadEstimator(readBundle(writeBundle(bundle), 'm.genu'), executor, 'm.genu');

describe('the golden case', () => {
  it.each(modelKinds)('comes out again from a %s bundle', async (kind) => {
    const bundle = await makeGoldenBundle(kind);
    const output = bundle.golden!.output[kind];
    expect(output.filter((value) => value !== null).length).toBeGreaterThan(100);
    await expect(load(bundle)).resolves.toMatchObject({ bundle: { kind } });
  });

  it('shows one changed number of one network, whose checksums are right', async () => {
    const bundle = await makeGoldenBundle('network');
    const { inputs, members } = bundle.network!;
    const other = makeTestNetwork(inputs, countWindowSamples(bundle.spec.window), 2, 0.21);
    expect(makeTestNetwork(inputs, countWindowSamples(bundle.spec.window), 2)).toEqual(members[1]);
    const changed = { ...bundle, network: { inputs, members: [members[0], other] } };
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
      ...executor,
      compile: async (...given: Parameters<typeof executor.compile>) => {
        const program = await executor.compile(...given);
        loaded++;
        const release = async () => {
          loaded--;
          await program.release();
        };
        return { run: program.run.bind(program), set: () => {}, get: () => new Float32Array(0), release };
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
