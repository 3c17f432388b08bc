import { readFileSync } from 'node:fs';

/** Version of this package. */
export function genuVersion(): string {
  return (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version;
}

/** Changes with the code: the hash of the sources in a checkout, the version of an installed package. Finished tasks are kept under it. */
export function codeKey(): string {
  try {
    return readFileSync(new URL('../../.genu-build', import.meta.url), 'utf8');
  } catch {
    return genuVersion();
  }
}
