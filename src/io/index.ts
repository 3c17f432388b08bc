export { type ChannelSummary, inspectRecording, type RecordingSummary } from './inspect.js';
export { readOsim } from './osim.js';
export { readStorage, type StorageOptions } from './storage.js';
export { readTable, type StorageTable } from './storage-table.js';
export { type StorageContent, writeRecording, writeStorage } from './storage-write.js';
