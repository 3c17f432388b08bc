/** Shows long work on stderr: one line that is rewritten on a terminal, a line now and then elsewhere. */
export interface Progress {
  /** `share` is 0…1 of all work, undefined when unknown; `detail` is what is being done now. */
  update(share: number | undefined, detail: string): void;
  /** A line that stays. */
  say(line: string): void;
  end(): void;
}

const quietGap_ms = 5000;

export function makeProgress(stream: NodeJS.WriteStream, now: () => number = Date.now): Progress {
  const live = stream.isTTY === true && process.env.CI === undefined;
  const start = now();
  let last = 0;
  let shown = false;
  const clear = () => {
    if (live && shown) stream.write('\r\x1b[K');
    shown = false;
  };
  return {
    update(share, detail) {
      const at = now();
      if (at - last < (live ? 100 : quietGap_ms)) return;
      last = at;
      const line = `${share === undefined ? '' : `${String(Math.floor(100 * share)).padStart(3)} %  `}${detail}${sayTimeLeft(share, at - start)}`;
      if (live) {
        clear();
        stream.write(line.slice(0, Math.max(20, (stream.columns ?? 100) - 1)));
        shown = true;
      } else stream.write(`${line}\n`);
    },
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end: clear,
  };
}

function sayTimeLeft(share: number | undefined, elapsed_ms: number): string {
  if (share === undefined || share < 0.03 || share >= 1) return '';
  const left_s = Math.round(((elapsed_ms / share) * (1 - share)) / 1000);
  return `  (about ${left_s >= 90 ? `${Math.round(left_s / 60)} min` : `${left_s} s`} left)`;
}
