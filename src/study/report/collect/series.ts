import type { TestedTrial } from '../../results.js';
import { modelOrder } from '../models.js';
import type { PerModel, Series } from '../types.js';

/** Plain numbers with null where there is none. */
export function toSeries(values: Float64Array): Series {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

export function toSeriesByModel(predicted: TestedTrial['predicted']): PerModel<Series> {
  return Object.fromEntries(
    modelOrder.flatMap((model) => (predicted[model] ? [[model, toSeries(predicted[model])]] : [])),
  );
}
