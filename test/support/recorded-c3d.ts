import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Recorded C3D files beside the project, in order; none where they are not there. */
export function findRecordedC3d(): string[] {
  const folder = fileURLToPath(new URL('../../../shared/data', import.meta.url));
  if (!existsSync(folder)) return [];
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.c3d'))
    .sort()
    .map((file) => `${folder}/${file}`);
}

/** All bytes of a file. */
export const readBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(file));
