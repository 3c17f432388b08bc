import { checkReportData } from './check.js';
import { listProtocols } from './conditions.js';
import { type DrawnFigure, makeNumbering, type Numbering, writeSection } from './html.js';
import { element, textElement } from './markup.js';
import { writePage } from './page.js';
import { listAblations, writeAblation } from './sections/ablation.js';
import { writeGlossary, writeMethods, writeProvenance, writeWarnings } from './sections/account.js';
import { writeAgreement } from './sections/agreement.js';
import { writeCycles } from './sections/cycles.js';
import { writeDataUse } from './sections/data.js';
import { writeErrors } from './sections/errors.js';
import { writeAttention, writeCalibrations, writeChains, writeTraining } from './sections/models.js';
import { hasParticipants, writeParticipants } from './sections/participants.js';
import { writeProtocols } from './sections/protocols.js';
import { writeSummary } from './sections/summary.js';
import { writeTraces } from './sections/torque.js';
import { hasTransfer, writeTransfer } from './sections/transfer.js';
import { writeUncertainty } from './sections/uncertainty.js';
import type { ReportData } from './types.js';

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly write: (data: ReportData, numbering: Numbering) => string[];
  /** Left out where this says no; a section without it says itself that it has nothing. */
  readonly has?: (data: ReportData) => boolean;
}

/** In the order of the page: what happened, then whether to trust it. */
const sections: readonly Section[] = [
  {
    id: 'protocols',
    heading: 'Protocols',
    write: writeProtocols,
    has: (data) => listProtocols(data).some((protocol) => protocol !== undefined),
  },
  { id: 'errors', heading: 'Errors', write: writeErrors },
  { id: 'participants', heading: 'Participants and models', write: writeParticipants, has: hasParticipants },
  { id: 'transfer', heading: 'Transfer to a new person', write: writeTransfer, has: hasTransfer },
  {
    id: 'ablation',
    heading: 'What the inputs are worth',
    write: writeAblation,
    has: (data) => listAblations(data).length > 0,
  },
  { id: 'time', heading: 'Torque over time', write: writeTraces },
  { id: 'cycle', heading: 'Torque over the cycle', write: writeCycles },
  { id: 'agreement', heading: 'Agreement', write: writeAgreement, has: ({ peaks = [] }) => peaks.length > 0 },
  {
    id: 'uncertainty',
    heading: 'Uncertainty',
    write: writeUncertainty,
    has: ({ coverage = [] }) => coverage.length > 0,
  },
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

/** The report and every figure in it. */
export interface WrittenReport {
  readonly html: string;
  readonly figures: readonly DrawnFigure[];
}

/**
 * The report of a study as one HTML document that needs nothing else: no script, no request, figures inline as SVG.
 * @throws GenuError when entries of `data` contradict each other (`checkReportData`)
 */
export function writeReport(data: ReportData): string {
  return writeReportAndFigures(data).html;
}

/** As `writeReport`, with its figures beside it as SVG documents of their own. */
export function writeReportAndFigures(data: ReportData): WrittenReport {
  checkReportData(data);
  const numbering = makeNumbering();
  const present = sections.filter(({ has }) => has?.(data) ?? true);
  const written = present.map(({ id, heading, write }, i) =>
    writeSection(id, `${i + 1} ${heading}`, write(data, numbering)),
  );
  const links = present.map(({ id, heading }, i) =>
    element('li', {}, textElement('a', `${i + 1} ${heading}`, { href: `#${id}` })),
  );
  const html = writePage(`${data.title} – ${data.study}`, [
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
  return { html, figures: [...numbering.shown.drawn, ...numbering.folded.drawn] };
}
