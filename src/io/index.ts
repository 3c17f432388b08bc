/** Bytes of files in, recordings and model descriptions out, and back: OpenSim tables (.sto, .mot) and models (.osim). No file system inside. */
export { type ChannelSummary, inspectRecording, type RecordingSummary } from './inspect.js';
export { readOsim } from './osim.js';
export { readStorage, type StorageOptions } from './storage.js';
export { readTable, type StorageTable } from './storage-table.js';
export { type StorageContent, writeRecording, writeStorage } from './storage-write.js';
