import type { Command } from 'commander';
import { makeStudyJsonSchema } from '../../study/index.js';

export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description('Print the JSON Schema of study.yaml, for editors.')
    .addHelpText('after', '\nExample:\n  genu schema > study.schema.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(makeStudyJsonSchema(), null, 2)}\n`);
    });
}
