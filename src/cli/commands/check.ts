import type { Command } from 'commander';
import { countFindings, writeCheckPage, writeFindings } from '../../study/index.js';
import { checkPath } from '../runtime/checking.js';
import { writeAtomic } from '../runtime/files.js';

interface CheckOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly pictures?: boolean;
  readonly out?: string;
  readonly strict?: boolean;
}

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description(
      'Look for what is wrong with recordings: plates, signs, units, EMG, time; with the lines that mend it.',
    )
    .argument('<path>', 'a study (.yaml) with all its recordings, or one recording (.sto, .mot, .c3d, .csv, .xlsx)')
    .option('--data <dir>', "root of a study's recordings (default: the study file's folder)")
    .option('--json', 'print { path, findings, counts } as one JSON object')
    .option('--pictures', 'with --json: a small SVG document in each finding')
    .option('--out <file.html>', 'write one page with a picture of each finding; it needs no network')
    .option('--strict', 'exit code 1 when there is an error among the findings')
    .addHelpText(
      'after',
      `
Errors spoil results, warnings may, notes are good to know. With a study, what it declares (signs, units, masks) counts as
mended and is listed as a note. docs/check.md says what is looked for, by which thresholds, and how often it was right.

Exit codes: 0 looked at, whatever was found; 1 the path cannot be read, or, with --strict, an error was found.

Examples:
  genu check walk01.c3d
  genu check study.yaml --data recordings --out check.html`,
    )
    .action((path: string, options: CheckOptions) => {
      const pictures = options.out !== undefined || (options.json === true && options.pictures === true);
      const findings = checkPath(path, { root: options.data, pictures });
      const counts = countFindings(findings);
      if (options.out !== undefined) {
        writeAtomic(options.out, writeCheckPage(findings, path, new Date().toISOString().slice(0, 10)));
        process.stderr.write(`wrote ${options.out}\n`);
      }
      const shown = options.pictures ? findings : findings.map(({ picture: _, ...finding }) => finding);
      process.stdout.write(
        options.json ? `${JSON.stringify({ path, findings: shown, counts })}\n` : `${writeFindings(findings, path)}\n`,
      );
      if (options.strict && counts.error > 0) process.exitCode = 1;
    });
}
