import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type C3dContent, readC3d } from '../../src/io/index.js';

/** Recordings of children in a gait laboratory (biomechzoo, MIT), beside the checkout. */
export const childrenFolder = fileURLToPath(new URL('../../../shared/data/children-gait', import.meta.url));
export const hasChildren = existsSync(childrenFolder);
if (!hasChildren) console.warn(`No recordings at ${childrenFolder}: the tests on them are skipped.`);

/** The leg with the electrodes, as its recordings' owners say. */
export const emgLegs = {
  HC002D: 'right',
  HC030A: 'left',
  HC031A: 'right',
  HC032A: 'left',
  HC036A: 'left',
  HC038A: 'right',
  HC039A: 'left',
} as const;

const known = new Map<string, C3dContent>();

/** One trial: Static, Straight or Turn. Read once. */
export function readChild(child: string, trial: string): C3dContent {
  const folder = `${childrenFolder}/${child}/${trial}`;
  const content = known.get(folder) ?? readC3d(readFileSync(`${folder}/${readdirSync(folder)[0]}`), { file: folder });
  known.set(folder, content);
  return content;
}
