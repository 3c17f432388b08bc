import { GenuError } from '../../data/index.js';
import type { Reference } from '../report/types.js';
import type { Study } from '../schema.js';
import { type BibEntry, writeReference } from './bibliography.js';
import { writeEvaluation, writeSoftware } from './evaluation.js';
import { writeAdaptation, writeModels, writeTraining } from './learning.js';
import { writeMuscles, writeRecordings, writeSignals } from './signals.js';
import { listCited } from './text.js';

export { type BibEntry, readBibliography, writeReference } from './bibliography.js';

/** The methods of a study as paragraphs to paste, with citations as `[@Key]`; every choice that the study file makes is named. */
export function writeMethodsParagraphs(
  study: Study,
  versions: { readonly genu: string; readonly node?: string | undefined },
): string[] {
  return [
    writeRecordings(study),
    writeSignals(study),
    writeMuscles(study),
    writeModels(study),
    writeTraining(study),
    writeAdaptation(study),
    writeEvaluation(study),
    writeSoftware(study, versions),
  ].filter((paragraph) => paragraph !== undefined);
}

/** What paragraphs take from a source: the sentence that cites it first, without its citations. */
function findReason(paragraphs: readonly string[], key: string): string {
  const sentences = paragraphs.flatMap((paragraph) => paragraph.split(/(?<=[.;:])\s+(?=[A-Z0-9])/));
  const first = sentences.find((sentence) => listCited([sentence]).includes(key)) ?? '';
  return first.replace(/\s*\[@[^\]]*\]/g, '').trim();
}

/**
 * The sources that paragraphs cite, in the order of first mention.
 * @param bibliography of references.bib
 * @throws GenuError for a key that is not in it
 */
export function listReferences(
  paragraphs: readonly string[],
  bibliography: ReadonlyMap<string, BibEntry>,
): Reference[] {
  return listCited(paragraphs).map((key) => {
    const entry = bibliography.get(key);
    if (entry === undefined)
      throw new GenuError(`the methods cite "${key}", which is not there.`, {
        where: 'references.bib',
        mend: 'The file belongs to the package; install genu anew.',
      });
    return { key, why: findReason(paragraphs, key), text: writeReference(entry), bibtex: entry.bibtex };
  });
}

/** A BibTeX file of the references. */
export function writeBibtex(references: readonly Reference[]): string {
  return `${references.map(({ bibtex }) => bibtex).join('\n\n')}\n`;
}
