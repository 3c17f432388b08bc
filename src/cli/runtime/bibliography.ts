import { fileURLToPath } from 'node:url';
import { type BibEntry, readBibliography } from '../../study/index.js';
import { readBytes } from './files.js';

/** The text of references.bib, which is part of the package. */
export function readBibliographyText(): string {
  return new TextDecoder().decode(readBytes(fileURLToPath(new URL('../../../references.bib', import.meta.url))));
}

/** Its entries by key. */
export function readPackageBibliography(): Map<string, BibEntry> {
  return readBibliography(readBibliographyText());
}
