/** Virtual participants: simulated people with known muscles, for examples and tests. Their data say that they are simulated. */
export { activityNames } from './activities.js';
export { type CohortOptions, makeCohort } from './cohort.js';
export { electrodes, kneeMuscles } from './muscles.js';
export { makeTrialTables, type TrialTable } from './tables.js';
export * from './types.js';
