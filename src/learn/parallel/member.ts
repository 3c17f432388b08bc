import type { Executor, Program } from '../executor.js';
import { buildTrainingGraph, type StepRecipe } from '../training/step.js';

export type Numbers = Readonly<Record<string, Float32Array>>;

/** What the team asks of a member. Calls are answered in order. */
export type Call =
  | { readonly kind: 'compile' /** Its batch is that of the share. */; readonly recipe: StepRecipe }
  | { readonly kind: 'run'; readonly feeds: Numbers }
  | { readonly kind: 'release' };

export type Answer = { readonly results: Numbers } | { readonly error: string };

/** One end of a channel: what `MessagePort` offers in Node and in browsers alike. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/**
 * Serves a team from a worker: computes the loss, the gradient and the statistics of a share of each batch.
 * The weights come with every call, so a member keeps nothing.
 */
export function serveTeam(port: Port, executor: Executor): void {
  let program: Program | undefined;
  let last: Promise<void> = Promise.resolve();
  const answer = async (call: Call): Promise<Numbers> => {
    if (call.kind === 'run') return program!.run(call.feeds);
    await program?.release();
    program = undefined;
    if (call.kind === 'compile') {
      const { config, groups, frozenWeights, options } = call.recipe;
      const { graph, outputs } = buildTrainingGraph(config, groups, frozenWeights, options, { gradient: true });
      const { loss, gradient, nextStatistics } = outputs;
      program = await executor.compile(graph, { loss, gradient, ...(nextStatistics && { nextStatistics }) });
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
      port.postMessage(message);
    });
  };
}
