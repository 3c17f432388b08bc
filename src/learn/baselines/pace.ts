/** Lets a long calculation be stopped and leaves the thread to others now and then; neither changes its numbers. */
export type Pace = () => Promise<void>;

/**
 * To be awaited between pieces of work of a few milliseconds: about twenty times a second it gives way to other tasks, and it
 * throws the signal's reason where that has aborted.
 */
export function makePace(signal?: AbortSignal): Pace {
  signal?.throwIfAborted();
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 50) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    last = performance.now();
  };
}
