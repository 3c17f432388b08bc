/** A stretch of memory that is needed from one call to another, both included. */
export interface Span {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Buffers start on cache lines. */
const LINE = 64;
/** Keeps buffers of a power of two from lying at the same place of all pages, where loads wait for unrelated stores. */
const GAP = 5 * LINE;

export const align = (bytes: number): number => Math.ceil(bytes / LINE) * LINE;

/**
 * Places for spans such that none that are needed at the same time overlap: the greatest first, each at the lowest place
 * that is free throughout its life.
 */
export function arrange(spans: readonly Span[]): { starts: number[]; end: number } {
  const starts = new Array<number>(spans.length).fill(0);
  const order = spans.map((_, index) => index).sort((a, b) => spans[b].bytes - spans[a].bytes || a - b);
  const placed: { start: number; end: number; first: number; last: number }[] = [];
  let end = 0;
  for (const index of order) {
    const { bytes, first, last } = spans[index];
    const size = align(bytes) + GAP;
    let start = 0;
    // `placed` is sorted by its starts.
    for (const other of placed) {
      if (other.last < first || other.first > last) continue;
      if (start + size <= other.start) break;
      start = Math.max(start, other.end);
    }
    starts[index] = start;
    const own = { start, end: start + size, first, last };
    const at = placed.findIndex((other) => other.start > start);
    placed.splice(at < 0 ? placed.length : at, 0, own);
    end = Math.max(end, own.end);
  }
  return { starts, end };
}
