/** Bytes of files in, recordings and model descriptions out, and back: OpenSim tables (.sto, .mot) and models (.osim), motion capture (.c3d), tables (.csv, .xlsx). No file system inside. */
export {
  type C3dContent,
  type C3dContents,
  type C3dFile,
  type C3dFormat,
  type C3dGroup,
  type C3dHeader,
  type C3dInput,
  type C3dOptions,
  type C3dParameter,
  type C3dPlainParameters,
  type C3dPlainValue,
  type C3dPlatform,
  type C3dProcessor,
  type C3dRecord,
  type C3dResidual,
  findPlainParameter,
  makeC3dFile,
  makeParameter,
  readC3d,
  readC3dFile,
  readResidual,
  writeC3dFile,
} from './c3d/index.js';
export { type ChannelSummary, inspectRecording, type RecordingSummary } from './inspect.js';
export { readOsim } from './osim.js';
export { readStorage, type StorageOptions } from './storage.js';
export { readTable, type StorageTable } from './storage-table.js';
export { type StorageContent, writeRecording, writeStorage } from './storage-write.js';
export type {
  Delimiter,
  TableChannel,
  TableDeclaration,
  TableTime,
  TimeUnit,
} from './table/declaration.js';
export { readTableRecording, type TableOptions } from './table/recording.js';
export type { TableFormat } from './table/source.js';
export { type TableUnit, tableUnits } from './table/units.js';
