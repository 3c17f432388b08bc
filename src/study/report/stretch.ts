import { isNumber } from './format.js';
import { findMainModel } from './models.js';
import type { Series, Span, TorqueTrace } from './types.js';

/** `values` with the samples inside the spans (start included, end excluded) missing. */
export function maskSeries(times_s: readonly number[], values: Series, masked: readonly Span[]): (number | null)[] {
  return values.map((value, i) =>
    isNumber(value) && !masked.some((span) => times_s[i] >= span.start_s && times_s[i] < span.end_s) ? value : null,
  );
}

/**
 * The stretch of a trial to show: of the stretches with the most unmasked frames, the one whose error is nearest to the whole trial's,
 * so that a figure shows neither the best nor the worst seconds.
 * The error is that of the main model.
 */
export function findStretch(trace: TorqueTrace, length_s: number): Span {
  const { times_s } = trace;
  const start_s = times_s[0];
  const end_s = times_s[times_s.length - 1];
  if (!(end_s - start_s > length_s)) return { start_s, end_s };
  const main = findMainModel((model) => trace.predicted_Nm_per_kg[model] !== undefined);
  const predicted = (main && trace.predicted_Nm_per_kg[main]) ?? [];
  const measured = maskSeries(times_s, trace.measured_Nm_per_kg, trace.masked);
  const whole = calcError(times_s, measured, predicted, { start_s, end_s });
  const stretches: { span: Span; frames: number; distance: number }[] = [];
  for (let step = 0; start_s + (step * length_s) / 2 + length_s <= end_s + 1e-9; step++) {
    const span = { start_s: start_s + (step * length_s) / 2, end_s: start_s + (step * length_s) / 2 + length_s };
    const { frames, rmse } = calcError(times_s, measured, predicted, span);
    stretches.push({ span, frames, distance: Math.abs(rmse - whole.rmse) });
  }
  const most = Math.max(...stretches.map((stretch) => stretch.frames));
  const full = stretches.filter((stretch) => stretch.frames >= 0.95 * most);
  return full.reduce((best, stretch) => (stretch.distance < best.distance ? stretch : best)).span;
}

/** The samples of `values` whose times lie in the span, ends included. */
export function cutSeries(times_s: readonly number[], values: Series, span: Span): (number | null)[] {
  return values.filter((_, i) => isInside(times_s[i], span));
}

/** The times in the span, ends included. */
export function cutTimes(times_s: readonly number[], span: Span): number[] {
  return times_s.filter((time) => isInside(time, span));
}

function isInside(time_s: number, span: Span): boolean {
  return time_s >= span.start_s - 1e-9 && time_s <= span.end_s + 1e-9;
}

function calcError(times_s: readonly number[], measured: Series, predicted: Series, span: Span) {
  let frames = 0;
  let squares = 0;
  for (let i = 0; i < times_s.length; i++) {
    const truth = measured[i];
    const guess = predicted[i];
    if (!isInside(times_s[i], span) || !isNumber(truth) || !isNumber(guess)) continue;
    frames++;
    squares += (truth - guess) ** 2;
  }
  return { frames, rmse: frames === 0 ? 0 : Math.sqrt(squares / frames) };
}
