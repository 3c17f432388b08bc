/** The trial doctor: what looks wrong with recordings, why, and how a study mends it. */
export { checkTrials } from './check.js';
export type { CheckedFile, CheckedPlate, CheckedTrial } from './evidence.js';
export { countFindings, type Finding, type Place, type Severity, sortFindings } from './finding.js';
export { writeFindings } from './listing.js';
export { writeCheckPage } from './page.js';
