// Medians and percentiles of measured times.

/** @param share 0 to 1; the value below which that share of the numbers lies */
export function findQuantile(numbers, share) {
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export function findMedian(numbers) {
  const sorted = Float64Array.from(numbers).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * Repeats something for some time.
 * @returns median milliseconds of one run by the clock, and mean milliseconds of this process's processor time
 */
export async function timeRuns(run, seconds) {
  const times = [];
  const before = process.cpuUsage();
  const end = performance.now() + 1000 * seconds;
  for (let now = performance.now(); now < end || times.length < 2; ) {
    await run();
    const after = performance.now();
    times.push(after - now);
    now = after;
  }
  const { user, system } = process.cpuUsage(before);
  return { clock_ms: findMedian(times), processor_ms: (user + system) / 1000 / times.length };
}
