import type { Command } from 'commander';
import { inspectFile, writeInspection } from '../runtime/inspection.js';

export function addInspectCommand(program: Command): void {
  program
    .command('inspect')
    .description('Say what is in a file: channels, rates, units, gaps, and what looks wrong.')
    .argument(
      '<file>',
      'a recording (.sto, .mot), an OpenSim model (.osim), a genu model (.genu), its network (.onnx) or a study (.yaml)',
    )
    .option('--json', 'print as one JSON object')
    .addHelpText('after', '\nExample:\n  genu inspect walk01/emg.sto')
    .action((file: string, options: { json?: boolean }) => {
      const inspection = inspectFile(file);
      process.stdout.write(options.json ? `${JSON.stringify(inspection)}\n` : `${writeInspection(inspection)}\n`);
    });
}
