import { afterAll, describe, expect, it } from 'vitest';
import { makeRandom } from '../../math/index.js';
import { makeWasmExecutor } from '../executors/wasm.js';
import { makeNetwork } from '../networks/registry.js';
import { flattenWeights, listWeights, makeWeights } from '../networks/weights.js';
import { groupWeights } from '../training/groups.js';
import { buildTrainingGraph } from '../training/step.js';
import { Stepper } from '../training/stepper.js';
import { type Port, serveTeam } from './member.js';
import { divide, makeTrainingTeam } from './team.js';

const executor = makeWasmExecutor();
const batch = 7;
const RATES = { learningRate: 0.01, weightDecay: 0.01, averageShare: 0.1 };
const open: MessagePort[] = [];
afterAll(() => {
  for (const port of open) port.close();
});

/** Members in this thread, behind real ports. */
function makePorts(count: number): Port[] {
  return Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel();
    open.push(port1, port2);
    serveTeam(port2 as unknown as Port, executor);
    return port1 as unknown as Port;
  });
}

function makeSetting(normalisation: string) {
  const config = makeNetwork({
    ...{ inputs: ['a', 'b', 'c'], window: 8, convolutionFilters: 6, gruUnits: 5, attentionUnits: 4, denseUnits: 6 },
    ...{ normalisation, dropout: 0.2 },
  });
  const specs = listWeights(config);
  const groups = groupWeights(specs, []);
  const initial = makeWeights(specs, 3);
  const options = { batch, loss: { kind: 'squared' }, clip: 1, average: true } as const;
  const random = makeRandom(5);
  const draw = (count: number) => Float32Array.from({ length: count }, () => random.normal());
  const feeds = {
    features: draw(8 * batch * 3),
    labels: draw(batch),
    sampleWeights: Float32Array.of(1, 2, 0.5, 1, 1, 0, 3),
  };
  const weights = flattenWeights(groups.weights, initial);
  const state = {
    weights,
    first: new Float32Array(weights.length),
    second: new Float32Array(weights.length),
    statistics: flattenWeights(groups.statistics, initial),
    average: weights.slice(),
  };
  const recipe = { config, groups, frozenWeights: initial, options };
  return { recipe, feeds, state, ...buildTrainingGraph(config, groups, initial, options) };
}

/** 20 steps alone, or in a team of as many members. */
async function train(normalisation: string, members: number) {
  const { recipe, feeds, state, graph, outputs, carry, masks } = makeSetting(normalisation);
  const program =
    members === 0
      ? await executor.compile(graph, outputs, { carry })
      : await makeTrainingTeam(makePorts(members), executor).compile(recipe);
  const stepper = new Stepper(program, carry, masks, state);
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) {
    losses.push(await stepper.run(feeds, step, RATES, makeRandom(step)));
  }
  const { weights, statistics } = stepper.copyState();
  await program.release();
  return { losses, weights, statistics };
}

const findDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, k) => Math.abs(value - b[k])));

describe('a training team', () => {
  it('takes the steps that one worker takes', async () => {
    const alone = await train('layer', 0);
    expect(alone.losses[19]).toBeLessThan(0.8 * alone.losses[0]);
    for (const members of [1, 2, 3]) {
      const team = await train('layer', members);
      expect(findDifference(team.losses, alone.losses)).toBeLessThan(1e-5);
      expect(findDifference(team.weights, alone.weights)).toBeLessThan(1e-4);
    }
  });

  it('repeats bit for bit', async () => {
    const [first, again] = [await train('batch', 2), await train('batch', 2)];
    expect(again.losses).toEqual(first.losses);
    expect(again.weights).toEqual(first.weights);
  });

  it('with batch normalisation uses the statistics of the shares, one member those of the batch', async () => {
    const [alone, one, two] = [await train('batch', 0), await train('batch', 1), await train('batch', 2)];
    expect(findDifference(one.losses, alone.losses)).toBeLessThan(1e-5);
    expect(findDifference(one.statistics, alone.statistics)).toBeLessThan(1e-5);
    expect(findDifference(two.losses, alone.losses)).toBeGreaterThan(1e-3);
    expect(two.losses.every(Number.isFinite)).toBe(true);
    expect(two.losses[19]).toBeLessThan(two.losses[0]);
  });

  it('trains several networks by turns', async () => {
    const team = makeTrainingTeam(makePorts(2), executor);
    const alone = [await train('layer', 0), await train('none', 0)];
    const steppers = await Promise.all(
      ['layer', 'none'].map(async (normalisation) => {
        const { recipe, feeds, state, carry, masks } = makeSetting(normalisation);
        const program = await team.compile(recipe);
        return { program, feeds, stepper: new Stepper(program, carry, masks, state) };
      }),
    );
    for (let step = 0; step < 20; step++) {
      for (const [k, { stepper, feeds }] of steppers.entries()) {
        const loss = await stepper.run(feeds, step, RATES, makeRandom(step));
        expect(Math.abs(loss - alone[k].losses[step])).toBeLessThan(1e-5);
      }
      // What one gives up is none of the others.
      if (step === 10) await steppers.pop()!.program.release();
    }
    await steppers[0].program.release();
  });

  it('hands on what goes wrong in a member, and has to have one', async () => {
    const { recipe } = makeSetting('none');
    const config = { ...recipe.config, kind: 'unheard-of' };
    await expect(makeTrainingTeam(makePorts(2), executor).compile({ ...recipe, config })).rejects.toThrow(
      /network.kind: is "unheard-of"/,
    );
    expect(() => makeTrainingTeam([], executor)).toThrow(/no member/);
  });

  it('divides a batch into shares that differ by one at most', () => {
    expect(divide(7, 3)).toEqual([2, 2, 3]);
    expect(divide(2, 3)).toEqual([1, 1]);
  });
});
