/** The report of a study: one HTML file with inline figures, and each figure as an SVG document of its own. */

export { makeReportFiles, type Rasterise, type ReportFile } from './export/files.js';
export { drawAttention } from './figures/attention.js';
export { drawCycleTorque } from './figures/cycle-torque.js';
export { drawErrorDots } from './figures/error-dots.js';
export { drawLearningCurves } from './figures/learning-curves.js';
export { drawMuscleChain } from './figures/muscle-chain.js';
export { drawParameters } from './figures/parameters.js';
export { drawSplitStrip } from './figures/split-strip.js';
export { drawTorqueTraces } from './figures/torque-traces.js';
export { findMainModel } from './models.js';
export { describeResult } from './sections/summary.js';
export * from './types.js';
export { writeReport } from './write-report.js';
