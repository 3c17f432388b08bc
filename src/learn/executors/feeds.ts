import { LearnError } from '../errors.js';
import type { Shape } from '../graph/graph.js';

/**
 * The fed inputs with their shapes, the open batch replaced by its size.
 * @param kept inputs that have a value already and need no feed
 * @throws LearnError where an input is missing, or a length does not fit
 */
export function bindShapes(
  inputs: ReadonlyMap<string, Shape>,
  feeds: Readonly<Record<string, Float32Array>>,
  kept: { has(name: string): boolean } = new Set<string>(),
): [string, number[]][] {
  const bound: [string, number[]][] = [];
  let batch: number | undefined;
  for (const [name, shape] of inputs) {
    if (kept.has(name)) continue;
    const where = `input ${name}`;
    const values = feeds[name];
    if (!values) throw new LearnError('has no value.', { where });
    const fixed = shape.reduce<number>((product, size) => product * (size === 'batch' ? 1 : size), 1);
    const size = values.length / fixed;
    const fits = shape.includes('batch') ? Number.isInteger(size) && size > 0 && (batch ?? size) === size : size === 1;
    if (!fits) {
      const same = batch === undefined ? '' : ` with the batch of ${batch} that another input has`;
      throw new LearnError(
        `has ${values.length} numbers; [${shape.join(', ')}] wants ${fixed}${shape.includes('batch') ? ' for each window' : ''}${same}.`,
        { where },
      );
    }
    if (shape.includes('batch')) batch = size;
    bound.push([name, shape.map((axis) => (axis === 'batch' ? size : axis))]);
  }
  return bound;
}
