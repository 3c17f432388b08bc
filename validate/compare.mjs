/** Largest absolute difference of two lists; infinite where they differ in length or one has no number. */
export function findDifference(found, expected) {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    const off = Math.abs(found[i] - expected[i]);
    if (!(off <= most)) most = Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
  }
  return most;
}

/** Largest difference of two JSON trees, of each number relative to 1 or its own size; infinite where they are not alike in form. */
export function findTreeDifference(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) / Math.max(1, Math.abs(b));
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object')
    return a === b ? 0 : Number.POSITIVE_INFINITY;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length || !keys.every((key) => key in b)) return Number.POSITIVE_INFINITY;
  return keys.reduce((most, key) => Math.max(most, findTreeDifference(a[key], b[key])), 0);
}
