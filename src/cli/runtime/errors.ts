import { GenuError } from '../../data/index.js';
import { LearnError } from '../../learn/index.js';

/** Says on stderr what went wrong and gives the exit code. Only a defect of genu shows where in the code it happened, and only when asked to. */
export function reportError(error: unknown): number {
  if (error instanceof GenuError || error instanceof LearnError) {
    process.stderr.write(`genu: ${error.message}\n`);
    return 1;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(
    `genu: unexpected error: ${message}\nThis is a defect of genu, please report it. GENU_DEBUG=1 shows where it happened.\n`,
  );
  if (process.env.GENU_DEBUG) process.stderr.write(`${stack}\n`);
  return 1;
}
