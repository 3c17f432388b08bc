/** Every model, from the simplest to the fullest; the order of every table. */
export const modelKinds = [
  'mean',
  'ridge',
  'svr',
  'forest',
  'nms',
  'network',
  'hybrid',
  'residual_ridge',
  'residual_nms',
] as const;

/**
 * What a bundle predicts with: a baseline (mean; ridge, support-vector or random-forest regression on lagged inputs), the solver alone,
 * a network without or with muscle forces, or a network with muscle forces that corrects the ridge or the solver.
 */
export type BundleKind = (typeof modelKinds)[number];

export const networkKinds = ['network', 'hybrid', 'residual_ridge', 'residual_nms'] as const;
export type NetworkKind = (typeof networkKinds)[number];

/** Regressions on lagged inputs that only their own bundles carry; every bundle carries the ridge. */
export const regressionKinds = ['svr', 'forest'] as const;
export type RegressionKind = (typeof regressionKinds)[number];

export const isNetworkKind = (kind: BundleKind): kind is NetworkKind => networkKinds.some((name) => name === kind);

export const isRegressionKind = (kind: BundleKind): kind is RegressionKind =>
  regressionKinds.some((name) => name === kind);

/** Whether muscle forces are among its inputs. */
export const seesForces = (kind: BundleKind): boolean => isNetworkKind(kind) && kind !== 'network';

/** Whether it looks at a window of inputs, so that it has no torque before the first window is full. */
export const looksBack = (kind: BundleKind): boolean => kind !== 'mean' && kind !== 'nms';

/** The model whose torque a network's output is added to; undefined where it predicts the torque itself. */
export const findBase = (kind: BundleKind): 'ridge' | 'nms' | undefined =>
  kind === 'residual_ridge' ? 'ridge' : kind === 'residual_nms' ? 'nms' : undefined;
