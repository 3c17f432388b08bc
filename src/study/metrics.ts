/** Error measures of a predicted against a measured torque, over the frames where both are known. */
export interface Metrics {
  /** Frames compared. */
  readonly n: number;
  readonly rmse_Nm_per_kg: number | null;
  readonly rmse_Nm: number | null;
  /** RMSE over the range (maximum − minimum) of the measured torque, per cent. */
  readonly nrmse_percent: number | null;
  /** 1 − SSE / SST about the mean of the measured torque in these frames. */
  readonly r2: number | null;
  /** Pearson correlation. */
  readonly r: number | null;
  readonly mae_Nm_per_kg: number | null;
}

/** Measured and predicted torque of one stretch of frames, of one participant. */
export interface Comparison {
  /** N·m/kg; the same length as `predicted`. Frames with NaN in either are left out. */
  readonly measured: Float64Array;
  readonly predicted: Float64Array;
  readonly mass_kg: number;
}

/**
 * Pools the frames of several comparisons. A measure that is not defined (no frame, no variance) is null.
 * RMSE in N·m weighs each participant's frames by that participant's own mass.
 */
export function calcMetrics(comparisons: readonly Comparison[]): Metrics {
  let n = 0;
  let sumY = 0;
  let sumP = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  forEachFrame(comparisons, (y, p) => {
    n++;
    sumY += y;
    sumP += p;
    lowest = Math.min(lowest, y);
    highest = Math.max(highest, y);
  });
  if (n === 0) {
    return { n, rmse_Nm_per_kg: null, rmse_Nm: null, nrmse_percent: null, r2: null, r: null, mae_Nm_per_kg: null };
  }
  const meanY = sumY / n;
  const meanP = sumP / n;
  let sse = 0;
  let sseNm = 0;
  let sae = 0;
  let yy = 0;
  let pp = 0;
  let yp = 0;
  forEachFrame(comparisons, (y, p, mass) => {
    const error = p - y;
    sse += error * error;
    sseNm += error * error * mass * mass;
    sae += Math.abs(error);
    yy += (y - meanY) ** 2;
    pp += (p - meanP) ** 2;
    yp += (y - meanY) * (p - meanP);
  });
  const rmse = Math.sqrt(sse / n);
  const range = highest - lowest;
  return {
    n,
    rmse_Nm_per_kg: rmse,
    rmse_Nm: Math.sqrt(sseNm / n),
    nrmse_percent: range > 0 ? (100 * rmse) / range : null,
    r2: yy > 0 ? 1 - sse / yy : null,
    // A constant prediction has no correlation; rounding may leave a little variance in it.
    r: yy > 0 && pp > 1e-18 * n ? yp / Math.sqrt(yy * pp) : null,
    mae_Nm_per_kg: sae / n,
  };
}

/** Skill of a model against a baseline on the same frames: 1 − MSE / MSE of the baseline; null where the baseline is perfect or missing. */
export function calcSkill(model: Metrics, baseline: Metrics): number | null {
  if (model.rmse_Nm_per_kg === null || !baseline.rmse_Nm_per_kg) return null;
  return 1 - (model.rmse_Nm_per_kg / baseline.rmse_Nm_per_kg) ** 2;
}

function forEachFrame(
  comparisons: readonly Comparison[],
  visit: (y: number, p: number, mass_kg: number) => void,
): void {
  for (const { measured, predicted, mass_kg } of comparisons) {
    for (let i = 0; i < measured.length; i++) {
      const y = measured[i];
      const p = predicted[i];
      if (!Number.isNaN(y) && !Number.isNaN(p)) visit(y, p, mass_kg);
    }
  }
}
