/** `[@A; @B]`, as pandoc and most reference managers read citations. */
export function cite(...keys: readonly string[]): string {
  return `[${keys.map((key) => `@${key}`).join('; ')}]`;
}

/** Every key that a text cites, in the order of first mention. */
export function listCited(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/@([\w:+-]+)/g)].map((match) => match[1])))];
}

/** `1 participant`, `24 participants`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `71.3 ± 9.8`, or the one value. */
export function sayMeanSd(values: readonly number[], decimals: number): string {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  if (values.length < 2) return mean.toFixed(decimals);
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return `${mean.toFixed(decimals)} ± ${sd.toFixed(decimals)}`;
}
