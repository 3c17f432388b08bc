import type { Executor, Program } from '../executor.js';
import { buildTrainingGraph, type StepRecipe } from '../training/step.js';

export type Numbers = Readonly<Record<string, Float32Array>>;

/** What the team asks of a member about one of its programs. Calls are answered in order. */
export type Call = { readonly program: number } & (
  | { readonly kind: 'compile' /** Its batch is that of the share. */; readonly recipe: StepRecipe }
  | { readonly kind: 'run'; readonly feeds: Numbers }
  | { readonly kind: 'release' }
);

export type Answer = { readonly results: Numbers } | { readonly error: string };

/** One end of a channel: what `MessagePort` offers in Node and in browsers alike. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/**
 * Serves a team from a worker: computes the loss, the gradient and the statistics of a share of each batch.
 * The weights come with every call, so a member keeps nothing but the programs.
 */
export function serveTeam(port: Port, executor: Executor): void {
  const programs = new Map<number, Program>();
  let last: Promise<void> = Promise.resolve();
  const answer = async (call: Call): Promise<Numbers> => {
    if (call.kind === 'run') return programs.get(call.program)!.run(call.feeds);
    if (call.kind === 'release') {
      await programs.get(call.program)?.release();
      programs.delete(call.program);
    } else {
      const { config, groups, frozenWeights, options } = call.recipe;
      const { graph, outputs } = buildTrainingGraph(config, groups, frozenWeights, options, { gradient: true });
      const { loss, gradient, nextStatistics } = outputs;
      const wanted = { loss, gradient, ...(nextStatistics && { nextStatistics }) };
      programs.set(call.program, await executor.compile(graph, wanted));
    }
    return {};
  };
  port.onmessage = ({ data }) => {
    last = last.then(async () => {
      let message: Answer;
      try {
        message = { results: await answer(data as Call) };
      } catch (error) {
        message = { error: error instanceof Error ? error.message : String(error) };
      }
      port.postMessage(message, 'results' in message ? listBuffers(message.results) : []);
    });
  };
}

/** What goes over to the other side instead of being copied: the memory of arrays that this side needs no more. */
export const listBuffers = (numbers: Numbers): Transferable[] => Object.values(numbers).map(({ buffer }) => buffer);
