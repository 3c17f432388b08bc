/** A stretch of a curve beyond a threshold. */
export interface Stretch {
  /** Where it crosses the threshold, in nodes from 0, between nodes by linear interpolation; an end of the curve where it does not cross. */
  readonly start_node: number;
  readonly end_node: number;
  /** 1 above the threshold, −1 below its negative. */
  readonly sign: 1 | -1;
  /** Its value farthest from 0. */
  readonly peak: number;
  /** Its distance from 0 where it is least: the threshold, unless the whole curve lies beyond. */
  readonly least: number;
}

/** Every stretch of the curve that is at or above the threshold, and where `bothSides` at or below its negative, from left to right. */
export function findStretches(curve: Float64Array, threshold: number, bothSides: boolean): Stretch[] {
  const found: Stretch[] = [];
  for (const sign of bothSides ? ([1, -1] as const) : ([1] as const)) {
    for (let first = 0; first < curve.length; first++) {
      if (!(sign * curve[first] >= threshold)) continue;
      let last = first;
      let [peak, least] = [curve[first], sign * curve[first]];
      while (last + 1 < curve.length && sign * curve[last + 1] >= threshold) {
        last++;
        if (sign * curve[last] > sign * peak) peak = curve[last];
        least = Math.min(least, sign * curve[last]);
      }
      // Share of the step to the neighbour outside at which the threshold is met.
      const reach = (inside: number, outside: number) =>
        (sign * curve[inside] - threshold) / (sign * curve[inside] - sign * curve[outside]);
      const opens = first > 0;
      const closes = last < curve.length - 1;
      found.push({
        start_node: opens ? first - reach(first, first - 1) : 0,
        end_node: closes ? last + reach(last, last + 1) : last,
        sign,
        peak,
        least: opens || closes ? threshold : least,
      });
      first = last;
    }
  }
  return found.sort((a, b) => a.start_node - b.start_node);
}
