import { formatNumber } from '../format.js';
import { type Numbering, writeDetails, writeList, writeParagraph, writeTable } from '../html.js';
import { element, escapeText, textElement } from '../markup.js';
import { modelLooks, modelOrder } from '../models.js';
import type { OptionValue, PerModel, ReportData } from '../types.js';

/** Collected warnings. */
export function writeWarnings(data: ReportData): string[] {
  if (data.warnings.length === 0) return [writeParagraph('None.', 'none')];
  return [
    element(
      'ul',
      { class: 'warnings' },
      data.warnings.map((warning) => element('li', {}, `${textElement('b', '⚠')} ${escapeText(warning)}`)),
    ),
  ];
}

/** What was done: in short, as text to paste, and the sources. */
export function writeMethods(data: ReportData): string[] {
  const { methods, paragraphs = [], references = [] } = data;
  return [
    methods.length === 0 ? writeParagraph('No methods were given.', 'none') : writeList(methods),
    ...(paragraphs.length === 0
      ? []
      : [
          writeDetails(
            'Methods to paste (citations are keys of the BibTeX below)',
            paragraphs.map((paragraph) => writeParagraph(paragraph)).join(''),
          ),
        ]),
    ...(references.length === 0
      ? []
      : [
          writeDetails(
            `References (${references.length})`,
            element(
              'ol',
              { class: 'references' },
              references.map(({ text }) => textElement('li', text)),
            ),
          ),
          writeDetails('BibTeX', textElement('pre', references.map(({ bibtex }) => bibtex).join('\n\n'))),
        ]),
  ];
}

/** Versions, seeds, files with their SHA-256, options. */
export function writeProvenance(data: ReportData, numbering: Numbering): string[] {
  const { provenance } = data;
  const facts: [string, string][] = [
    ['genu', provenance.genu_version],
    ['Node.js', provenance.node_version],
    ...(provenance.platform === undefined ? [] : [['platform', provenance.platform] as [string, string]]),
    ['seeds', provenance.seeds.length === 0 ? 'none used' : provenance.seeds.join(', ')],
  ];
  return [
    element(
      'dl',
      { class: 'facts-list' },
      facts.map(([term, value]) => textElement('dt', term) + textElement('dd', value)),
    ),
    writeDetails(
      `Input files (${provenance.files.length})`,
      writeTable(numbering.folded, {
        caption: 'Every input file with its SHA-256.',
        columns: ['file', 'bytes', 'SHA-256'],
        kind: 'words',
        groups: [
          {
            rows: provenance.files.map((file) => ({
              cells: [
                escapeText(file.path),
                formatNumber(file.bytes, 0),
                textElement('code', file.sha256, { class: 'hash' }),
              ],
            })),
          },
        ],
      }),
      provenance.files.length <= 8,
    ),
    writeDetails(
      'Options',
      writeTable(numbering.folded, {
        caption: 'Every option with the value it had.',
        columns: ['option', 'value'],
        kind: 'words',
        groups: [
          {
            rows: listOptions(provenance.options).map(([name, value]) => ({
              cells: [textElement('code', name), textElement('code', value)],
            })),
          },
        ],
      }),
    ),
  ];
}

/** Nested options as `outer.inner`. */
function listOptions(options: { readonly [name: string]: OptionValue }, prefix = ''): [string, string][] {
  return Object.entries(options).flatMap(([name, value]): [string, string][] =>
    isGroup(value)
      ? listOptions(value, `${prefix}${name}.`)
      : [[prefix + name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
}

function isGroup(value: OptionValue): value is { readonly [name: string]: OptionValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const terms: readonly (readonly [string, string])[] = [
  ['mean', 'Baseline: the mean torque of the training data of the same activity.'],
  ['ridge', 'Baseline: ridge regression (linear, penalised) on the same inputs and a few past frames of them.'],
  ['NMS', 'EMG-driven neuromusculoskeletal solver with calibrated muscles: EMG → activation → muscle force → torque.'],
  ['network', 'Network on EMG and joint kinematics, without muscle forces.'],
  ['hybrid', 'The same network with the muscle forces of the NMS solver among its inputs.'],
  ['RMSE', 'Root mean square error: √(mean of (predicted − measured)²), in N·m/kg of body mass or in N·m.'],
  ['NRMSE', '100 % × RMSE ÷ (largest − smallest measured torque of the same test frames).'],
  ['R²', '1 − Σ(measured − predicted)² ÷ Σ(measured − mean of measured)²; negative when worse than that constant.'],
  ['r', "Pearson's correlation; blind to offset and scale, so read it beside R²."],
  ['MAE', 'Mean absolute error, N·m/kg.'],
  [
    'skill',
    '1 − (RMSE of the model ÷ RMSE of the baseline)², the baseline being mean or ridge on the same frames; 1 is perfect, 0 no better, negative worse.',
  ],
  ['peak error', 'Mean over cycles or trials of predicted minus measured peak torque, N·m/kg.'],
  ['peak timing', 'Mean over cycles or trials of predicted minus measured time of the peak, ms; positive is late.'],
  ['SD', 'Standard deviation.'],
  ['masked frames', 'Frames left out of training and errors, for the reasons listed with the trials.'],
];

/** Models that not every study has. */
const optionalTerms: PerModel<string> = {
  svr: 'Baseline: support-vector regression on the inputs of ridge.',
  forest: 'Baseline: random forest on the inputs of ridge.',
  quadratic: 'Baseline: ridge that sees products of the angles and speeds too.',
  blend: 'Mean of ridge, of ridge on products, and of the network without muscle forces.',
  residual_ridge:
    'Ridge, corrected by a network with the inputs of the hybrid that was trained on what ridge leaves of torques it was not fitted to.',
  residual_nms:
    'The NMS solver, corrected by a network with the inputs of the hybrid that was trained on what the solver leaves of the torque.',
};

/** Models and measures, one line each. */
export function writeGlossary(data: ReportData): string[] {
  const entries = new Map<string, string>(terms);
  for (const model of modelOrder) {
    const meaning = optionalTerms[model];
    if (meaning && data.errors.some((row) => row.model === model)) entries.set(modelLooks[model].label, meaning);
  }
  if (data.interval)
    entries.set('confidence interval', `${formatNumber(100 * data.interval.level, 0)} %, by ${data.interval.method}.`);
  for (const { term, meaning } of data.glossary ?? []) entries.set(term, meaning);
  return [
    element(
      'dl',
      { class: 'glossary' },
      [...entries].map(([term, meaning]) => textElement('dt', term) + textElement('dd', meaning)),
    ),
  ];
}
