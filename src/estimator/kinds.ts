/** Every model, from the simplest to the fullest; the order of every table. */
export const modelKinds = [
  'mean',
  'ridge',
  'svr',
  'forest',
  'quadratic',
  'nms',
  'network',
  'hybrid',
  'residual_ridge',
  'residual_nms',
  'blend',
] as const;

/**
 * What a bundle predicts with: a baseline (mean; ridge, support-vector or random-forest regression on lagged inputs; ridge that sees products
 * of the angles and speeds too), the solver alone, a network without or with muscle forces, a network with muscle forces that corrects
 * the ridge or the solver, or the mean of both ridges and the network without forces.
 */
export type BundleKind = (typeof modelKinds)[number];

export const networkKinds = ['network', 'hybrid', 'residual_ridge', 'residual_nms', 'blend'] as const;
export type NetworkKind = (typeof networkKinds)[number];

/** Regressions on lagged inputs that only their own bundles carry; every bundle carries the ridge. */
export const regressionKinds = ['svr', 'forest', 'quadratic'] as const;
export type RegressionKind = (typeof regressionKinds)[number];

export const isNetworkKind = (kind: BundleKind): kind is NetworkKind => networkKinds.some((name) => name === kind);

export const isRegressionKind = (kind: BundleKind): kind is RegressionKind =>
  regressionKinds.some((name) => name === kind);

/** Whether muscle forces are among its inputs. */
export const seesForces = (kind: BundleKind): boolean => isNetworkKind(kind) && kind !== 'network' && kind !== 'blend';

/** Whether it looks at a window of inputs, so that it has no torque before the first window is full. */
export const looksBack = (kind: BundleKind): boolean => kind !== 'mean' && kind !== 'nms';

/** The model whose torque a network's output is added to; undefined where it predicts the torque itself. */
export const findBase = (kind: BundleKind): 'ridge' | 'nms' | undefined =>
  kind === 'residual_ridge' ? 'ridge' : kind === 'residual_nms' ? 'nms' : undefined;

/** The regression that a bundle of this kind carries; undefined where it has none of its own. */
export const findRegression = (kind: BundleKind): RegressionKind | undefined =>
  kind === 'blend' ? 'quadratic' : isRegressionKind(kind) ? kind : undefined;
