import { describe, expect, it } from 'vitest';
import { cutSeries, cutTimes, findStretch, maskSeries } from './stretch.js';
import type { TorqueTrace } from './types.js';

/** 20 s at 10 Hz; the error is 0 in the first 8 s, 1 to 12 s, then 3. */
function makeTrace(masked: TorqueTrace['masked'] = []): TorqueTrace {
  const times_s = Array.from({ length: 201 }, (_, i) => i / 10);
  return {
    participant: 'P',
    activity: 'a',
    trial: 't',
    times_s,
    measured_Nm_per_kg: times_s.map(() => 0),
    predicted_Nm_per_kg: { hybrid: times_s.map((time) => (time < 8 ? 0 : time <= 12 ? 2 : 3)) },
    masked,
  };
}

describe('findStretch', () => {
  it('takes neither the best nor the worst seconds', () => {
    // RMSE of the whole is √((40·4 + 81·9) / 201) ≈ 2.1.
    expect(findStretch(makeTrace(), 4)).toEqual({ start_s: 8, end_s: 12 });
  });

  it('prefers frames that count', () => {
    const span = findStretch(makeTrace([{ start_s: 8.5, end_s: 11.5 }]), 4);
    expect(span.start_s).not.toBe(8);
  });

  it('takes the whole of a short trial', () => {
    expect(findStretch(makeTrace(), 30)).toEqual({ start_s: 0, end_s: 20 });
  });
});

describe('cutting', () => {
  it('keeps both ends and empties masks', () => {
    const times = [0, 1, 2, 3, 4];
    const span = { start_s: 1, end_s: 3 };
    expect(cutTimes(times, span)).toEqual([1, 2, 3]);
    expect(cutSeries(times, [9, 8, 7, 6, 5], span)).toEqual([8, 7, 6]);
    expect(maskSeries(times, [9, Number.NaN, 7, 6, 5], [{ start_s: 2, end_s: 4 }])).toEqual([9, null, null, null, 5]);
  });
});
