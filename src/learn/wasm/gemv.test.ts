import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { testedVariants } from '../executors/wasm.test.support.js';
import { Graph } from '../graph/graph.js';
import { dense } from '../operators/dense.js';
import { compileKernels, type KernelVariant } from './kernels.js';
import { WasmProgram } from './program.js';

/** A row times constants, some of the row zero; by `run`, and by the function that `open` makes. */
async function multiply(
  variant: KernelVariant,
  x: Float32Array,
  weights: Float32Array,
  bias: Float32Array | undefined,
) {
  const graph = new Graph();
  const columns = weights.length / x.length;
  const given = graph.constant(weights, [x.length, columns]);
  const y = dense(graph, graph.input('x', [1, x.length]), given, bias && graph.constant(bias, [columns]));
  const program = new WasmProgram(await compileKernels(variant), graph, { y }, {});
  const { y: result } = await program.run({ x });
  const live = await program.open();
  live.inputs.x.set(x);
  live.outputs.y.fill(Number.NaN);
  live.run();
  return { result, live: live.outputs.y.slice() };
}

describe.each(testedVariants)('%s kernels', (variant) => {
  test('a row times a matrix, of any size and with any zeros, is what plain loops say', async () => {
    const sizes = fc.record({
      inner: fc.integer({ min: 1, max: 80 }),
      columns: fc.integer({ min: 1, max: 100 }),
      zeros: fc.constantFrom(0, 0.2, 0.5, 1),
      hasBias: fc.boolean(),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ inner, columns, zeros, hasBias, seed }) => {
        const random = makeRandom(seed);
        const draw = (length: number) => Float32Array.from({ length }, () => 2 * random.uniform() - 1);
        const x = draw(inner).map((value) => (random.uniform() < zeros ? 0 : value));
        const weights = draw(inner * columns);
        const bias = hasBias ? draw(columns) : undefined;
        const { result, live } = await multiply(variant, x, weights, bias);
        expect(live).toEqual(result);
        for (let n = 0; n < columns; n++) {
          let sum = bias?.[n] ?? 0;
          for (let k = 0; k < inner; k++) sum += x[k] * weights[k * columns + n];
          expect(Math.abs(result[n] - sum)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a value of x that is not finite is not lost beside zeros', async () => {
    const x = new Float32Array(64);
    x[5] = Number.NaN;
    const { result } = await multiply(variant, x, new Float32Array(64 * 40).fill(1), undefined);
    expect(result.every(Number.isNaN)).toBe(true);
  });
});
