import { checkReportData } from './check.js';
import { makeNumbering, type Numbering, writeSection } from './html.js';
import { element, textElement } from './markup.js';
import { writePage } from './page.js';
import { writeGlossary, writeMethods, writeProvenance, writeWarnings } from './sections/account.js';
import { writeDataUse } from './sections/data.js';
import { writeErrors } from './sections/errors.js';
import { writeAttention, writeCalibrations, writeChains, writeTraining } from './sections/models.js';
import { writeSummary } from './sections/summary.js';
import { writeCycles, writeTraces } from './sections/torque.js';
import type { ReportData } from './types.js';

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly write: (data: ReportData, numbering: Numbering) => string[];
}

/** In the order of the page: what happened, then whether to trust it. */
const sections: readonly Section[] = [
  { id: 'errors', heading: 'Errors', write: writeErrors },
  { id: 'time', heading: 'Torque over time', write: writeTraces },
  { id: 'cycle', heading: 'Torque over the cycle', write: writeCycles },
  { id: 'chain', heading: 'From EMG to torque', write: writeChains },
  { id: 'training', heading: 'Training', write: writeTraining },
  { id: 'attention', heading: 'Attention', write: writeAttention },
  { id: 'calibration', heading: 'Calibrated parameters', write: writeCalibrations },
  { id: 'data', heading: 'Data and masks', write: writeDataUse },
  { id: 'warnings', heading: 'Warnings', write: writeWarnings },
  { id: 'methods', heading: 'Methods', write: writeMethods },
  { id: 'provenance', heading: 'Provenance', write: writeProvenance },
  { id: 'glossary', heading: 'Glossary', write: writeGlossary },
];

/**
 * The report of a study as one HTML document that needs nothing else: no script, no request, figures inline as SVG.
 * @throws GenuError when entries of `data` contradict each other (`checkReportData`)
 */
export function writeReport(data: ReportData): string {
  checkReportData(data);
  const numbering = makeNumbering();
  const written = sections.map(({ id, heading, write }, i) =>
    writeSection(id, `${i + 1} ${heading}`, write(data, numbering)),
  );
  const links = sections.map(({ id, heading }, i) =>
    element('li', {}, textElement('a', `${i + 1} ${heading}`, { href: `#${id}` })),
  );
  return writePage(`${data.title} – ${data.study}`, [
    writeSummary(data),
    element('nav', { 'aria-label': 'Contents' }, element('ol', {}, links)),
    element('main', {}, written),
    textElement('p', 'Folded parts (figures and tables S1, S2, …) are printed only when unfolded first.', {
      class: 'printed',
    }),
    textElement(
      'footer',
      `Written by genu ${data.provenance.genu_version}.${data.simulated ? ' Simulated virtual participants, not measured people.' : ''}`,
    ),
  ]);
}
