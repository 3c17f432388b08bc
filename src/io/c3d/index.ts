/** C3D: files as they stand (`readC3dFile`, `writeC3dFile`) and as recordings (`readC3d`). */
export { readC3dFile, writeC3dFile } from './file.js';
export {
  type C3dPlainParameters,
  type C3dPlainValue,
  findNumber,
  findParameter,
  findPlainParameter,
  listAllNumbers,
  listAllTexts,
} from './lookup.js';
export { type C3dContents, type C3dInput, makeC3dFile, makeParameter } from './make.js';
export { type C3dResidual, readResidual } from './points.js';
export { type C3dContent, type C3dOptions, type C3dPlatform, readC3d } from './recording.js';
export type { C3dFile, C3dFormat, C3dGroup, C3dHeader, C3dParameter, C3dProcessor, C3dRecord } from './types.js';
