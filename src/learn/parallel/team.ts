import { LearnError } from '../errors.js';
import type { Executor, Program } from '../executor.js';
import type { Shape } from '../graph/graph.js';
import { buildTrainingGraph, buildUpdateGraph, type StepRecipe } from '../training/step.js';
import { type Answer, type Call, listBuffers, type Numbers, type Port } from './member.js';

/**
 * Trains one network in several workers: each computes the gradient of its share of every batch (data parallelism), the
 * gradients are added up here, and here the weights are changed. Up to rounding a step is what one worker would do,
 * but for batch normalisation, whose statistics are those of each share.
 */
export interface TrainingTeam {
  readonly members: number;
  /** The training step of a whole batch, as a program that `Stepper` runs. */
  compile(recipe: StepRecipe): Promise<Program>;
}

/**
 * @param ports to workers that called `serveTeam`
 * @param executor changes the weights
 */
export function makeTrainingTeam(ports: readonly Port[], executor: Executor): TrainingTeam {
  if (ports.length === 0) throw new LearnError('has no member.', { where: 'training team' });
  const members = ports.map(makeMember);
  let made = 0;
  return {
    members: members.length,
    compile: async (recipe) => {
      const shares = divide(recipe.options.batch, members.length);
      const own = made++;
      const used = members.slice(0, shares.length).map(
        (ask): Asked =>
          (call, given) =>
            ask({ ...call, program: own }, given),
      );
      await Promise.all(
        used.map((ask, k) =>
          ask({ kind: 'compile', recipe: { ...recipe, options: { ...recipe.options, batch: shares[k] } } }),
        ),
      );
      const update = buildUpdateGraph(recipe.groups, recipe.options);
      const { graph } = buildTrainingGraph(recipe.config, recipe.groups, recipe.frozenWeights, recipe.options);
      const program = await executor.compile(update.graph, update.outputs, update);
      return new TeamProgram(used, shares, program, Object.values(update.carry), graph.inputs);
    },
  };
}

/** @param given what is handed over instead of being copied */
type Ask<C> = (call: C, given?: Transferable[]) => Promise<Numbers>;
/** Asks a member about one of its programs. */
type Asked = Ask<CallOf<Call>>;
type CallOf<C> = C extends unknown ? Omit<C, 'program'> : never;

function makeMember(port: Port): Ask<Call> {
  const waiting: { resolve: (results: Numbers) => void; reject: (error: Error) => void }[] = [];
  port.onmessage = ({ data }) => {
    const answer = data as Answer;
    const call = waiting.shift();
    if ('error' in answer) call?.reject(new LearnError(answer.error));
    else call?.resolve(answer.results);
  };
  return (call, given = []) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      port.postMessage(call, given);
    });
}

/** Shares of a batch, as equal as can be; none is empty. */
export function divide(batch: number, members: number): number[] {
  const count = Math.min(batch, members);
  return Array.from(
    { length: count },
    (_, k) => Math.floor(((k + 1) * batch) / count) - Math.floor((k * batch) / count),
  );
}

class TeamProgram implements Program {
  readonly #members: readonly Asked[];
  readonly #shares: readonly number[];
  readonly #update: Program;
  readonly #carried: ReadonlySet<string>;
  readonly #shapes: ReadonlyMap<string, { readonly shape: Shape }>;
  #statistics: Float32Array = new Float32Array(0);

  constructor(
    members: readonly Asked[],
    shares: readonly number[],
    update: Program,
    carried: readonly string[],
    shapes: ReadonlyMap<string, { readonly shape: Shape }>,
  ) {
    this.#members = members;
    this.#shares = shares;
    this.#update = update;
    this.#carried = new Set(carried);
    this.#shapes = shapes;
  }

  async run(feeds: Numbers): Promise<Record<string, Float32Array>> {
    const state: Record<string, Float32Array> = { weights: this.#update.get('weights') };
    if (this.#statistics.length > 0) state.statistics = this.#statistics;
    const rates: Record<string, Float32Array> = {};
    const shares: Record<string, Float32Array>[] = this.#shares.map(() => ({}));
    for (const [name, values] of Object.entries(feeds)) {
      const shape = this.#shapes.get(name)?.shape;
      if (!shape || shape.length < 2) rates[name] = values;
      else for (const [k, part] of splitBatch(values, shape, this.#shares).entries()) shares[k][name] = part;
    }
    const weights = shares.map(({ sampleWeights }) => sampleWeights.reduce((sum, weight) => sum + weight, 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    // The mean over a share without weight would be 0/0, and says nothing.
    const busy = this.#members.flatMap((member, k) => (weights[k] > 0 ? [{ member, feeds: shares[k], k }] : []));
    const answers = await Promise.all(
      busy.map(({ member, feeds: share }) =>
        member({ kind: 'run', feeds: { ...share, ...state } }, listBuffers(share)),
      ),
    );
    const part = (name: string, portion: (k: number) => number) =>
      addUp(answers.map((results, at) => [results[name], portion(busy[at].k)] as const));
    const gradient = part('gradient', (k) => weights[k] / total);
    if (answers[0].nextStatistics) {
      const present = busy.reduce((sum, { k }) => sum + this.#shares[k], 0);
      this.#statistics = part('nextStatistics', (k) => this.#shares[k] / present);
    }
    await this.#update.run({ ...rates, gradient });
    return { loss: part('loss', (k) => weights[k] / total) };
  }

  set(input: string, values: Float32Array): void {
    if (input === 'statistics') this.#statistics = values.slice();
    else if (this.#carried.has(input)) this.#update.set(input, values);
  }

  get(input: string): Float32Array {
    return input === 'statistics' ? this.#statistics.slice() : this.#update.get(input);
  }

  async release(): Promise<void> {
    await Promise.all(this.#members.map((member) => member({ kind: 'release' })));
    await this.#update.release();
  }
}

/** Parts of a tensor along its batch, which is the last axis but one. */
function splitBatch(values: Float32Array, shape: Shape, shares: readonly number[]): Float32Array[] {
  const row = shape.at(-1) as number;
  const batch = shape.at(-2) as number;
  const blocks = values.length / (batch * row);
  let from = 0;
  return shares.map((share) => {
    const part = new Float32Array(blocks * share * row);
    for (let block = 0; block < blocks; block++) {
      const start = (block * batch + from) * row;
      part.set(values.subarray(start, start + share * row), block * share * row);
    }
    from += share;
    return part;
  });
}

/** Σ portion·values, always in the order of the members, so that a run repeats bit for bit. */
function addUp(parts: readonly (readonly [Float32Array, number])[]): Float32Array {
  const sum = new Float32Array(parts[0][0].length);
  for (const [values, portion] of parts) for (let k = 0; k < sum.length; k++) sum[k] += portion * values[k];
  return sum;
}
