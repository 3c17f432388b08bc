import type { Command } from 'commander';
import { GenuError } from '../../data/index.js';
import { isCausal, listWeights, makeNetwork, type NetworkDefinition, networks } from '../../learn/index.js';

interface NetworksOptions {
  readonly inputs: string;
  readonly window: string;
  readonly json?: boolean;
}

export function addNetworksCommand(program: Command): void {
  program
    .command('networks')
    .description('The kinds of network that a study can ask for (network.kind), with their sizes.')
    .option('--inputs <n>', 'input channels to count the weights for', '16')
    .option('--window <n>', 'frames of a window to count the weights for', '26')
    .option('--json', 'print as one JSON object')
    .addHelpText(
      'after',
      `
"Real time": with a sequence head and the sizes shown (--json), what it says of a frame depends on no later one, so that it
can go frame by frame with carried state. References are keys of references.bib.

Example:
  genu networks --inputs 25 --window 100`,
    )
    .action((options: NetworksOptions) => {
      const inputs = readCount(options.inputs, '--inputs');
      const window = readCount(options.window, '--window');
      const found = networks.map((definition) => describe(definition, inputs, window));
      process.stdout.write(
        options.json ? `${JSON.stringify({ inputs, window, networks: found })}\n` : `${writeTable(found)}\n`,
      );
    });
}

function readCount(text: string, option: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 10_000) return count;
  throw new GenuError(`${option} ${text} is no whole number from 1 to 10000.`, { where: 'networks' });
}

function describe(definition: NetworkDefinition, inputs: number, window: number) {
  const { kind, title, heads, references, defaults, sequenceDefaults } = definition;
  const given = { kind, inputs: Array.from({ length: inputs }, (_, k) => `channel ${k + 1}`), window };
  const config = makeNetwork({ ...given, head: heads[0] });
  const trained = listWeights(config).filter((weight) => weight.kind === 'weight');
  return {
    kind,
    title,
    heads,
    real_time: heads.includes('sequence') && isCausal(makeNetwork({ ...given, head: 'sequence' })),
    weights: trained.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    sizes: defaults,
    sequence_sizes: { ...defaults, ...sequenceDefaults },
    references,
  };
}

function writeTable(found: readonly ReturnType<typeof describe>[]): string {
  const rows = [
    ['kind', 'title', 'heads', 'real time', 'weights', 'references'],
    ...found.map(({ kind, title, heads, real_time, weights, references }) => [
      kind,
      title,
      heads.join(', '),
      real_time ? 'yes' : 'no',
      String(weights),
      references.join(', '),
    ]),
  ];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows
    .map((row) => row.map((cell, c) => (c === 4 ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
