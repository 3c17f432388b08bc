import type { ModelDescription } from '../data/index.js';
import { type Executor, type ForwardNetwork, loadForward } from '../learn/index.js';
import type { Bundle } from './bundle.js';
import type { Estimator } from './estimator.js';
import { verifyGolden } from './golden.js';
import { type KneeBody, makeKneeBody } from './knee.js';

/**
 * Makes a bundle ready and lets it repeat its golden case.
 * @throws GenuError when the golden output does not come out again
 */
export async function loadEstimator(bundle: Bundle, executor: Executor, file = 'model'): Promise<Estimator> {
  const knees = new Map(Object.entries(bundle.geometries).map(([key, model]) => [key, buildKnee(model, bundle)]));
  const networks: ForwardNetwork[] = [];
  for (const onnx of bundle.network?.members ?? []) networks.push(await loadForward(executor, onnx));
  const estimator = { bundle, knees, networks };
  try {
    if (bundle.golden) await verifyGolden(estimator, bundle.golden, file);
  } catch (error) {
    await releaseEstimator(estimator);
    throw error;
  }
  return estimator;
}

function buildKnee(model: ModelDescription, bundle: Bundle): KneeBody {
  return { ...makeKneeBody(model, bundle.spec.torque.coordinate), muscles: bundle.muscles };
}

/** Releases what the networks hold. */
export async function releaseEstimator({ networks }: Estimator): Promise<void> {
  for (const { program } of networks) await program.release();
}
