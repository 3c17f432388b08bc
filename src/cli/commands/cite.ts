import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { GenuError } from '../../data/index.js';
import { listReferences, writeBibtex, writeMethodsParagraphs } from '../../study/index.js';
import { readPackageBibliography } from '../runtime/bibliography.js';
import { genuVersion } from '../runtime/version.js';
import { readStudyFile } from '../runtime/yaml.js';

const styles = ['bibtex', 'text'] as const;

interface CiteOptions {
  readonly data?: string;
  readonly style: string;
  readonly json?: boolean;
}

export function addCiteCommand(program: Command): void {
  program
    .command('cite')
    .description('Print what to cite for a study, and a methods section to paste. Nothing is run.')
    .argument('<study.yaml>', 'the study')
    .option(
      '--data <dir>',
      'root of the recordings, where the study finds its participants there (default: its folder)',
    )
    .option(
      '--style <style>',
      `${styles.join(' or ')}: a BibTeX file; or the methods in words with a list of references`,
      'bibtex',
    )
    .option('--json', 'print methods and references as one JSON object')
    .addHelpText(
      'after',
      `
Only what the study file asks for is cited: its filters, models, network, training, protocols and statistics.
Citations in the methods are BibTeX keys, as [@Pizzolato2015], which pandoc and most reference managers read.
A run writes the same beside its report, as methods.md and references.bib.

Examples:
  genu cite study.yaml > references.bib
  genu cite study.yaml --style text > methods.md`,
    )
    .action((path: string, options: CiteOptions) => {
      const style = styles.find((name) => name === options.style);
      if (style === undefined)
        throw new GenuError(`there is no style "${options.style}".`, {
          where: '--style',
          mend: `Use ${styles.join(' or ')}.`,
        });
      const study = readStudyFile(path, resolve(options.data ?? dirname(path)));
      const methods = writeMethodsParagraphs(study, { genu: genuVersion() });
      const references = listReferences(methods, readPackageBibliography());
      if (options.json)
        process.stdout.write(
          `${JSON.stringify({ study: study.study, genu_version: genuVersion(), methods, references })}\n`,
        );
      else if (style === 'bibtex') process.stdout.write(writeBibtex(references));
      else
        process.stdout.write(
          `${[...methods, 'References', ...references.map(({ key, text }) => `[@${key}] ${text}`)].join('\n\n')}\n`,
        );
    });
}
