import type { Recording, Side } from '../../data/index.js';
import type { FileRole } from '../trial-files.js';

/** A corner or a centre in the laboratory's frame, m. */
type Point = readonly [number, number, number];

/** A force plate as the capture file describes it. */
export interface CheckedPlate {
  readonly name: string;
  readonly corners_m: readonly Point[];
  readonly center_m: Point;
  /** Names of its analog channels: Fx, Fy, Fz first, but for type 3. */
  readonly type?: number | undefined;
  readonly channel_names?: readonly string[] | undefined;
  /** Whether its channels held the force on the body or on the plate; undefined: nobody stepped on it. */
  readonly measured?: 'on_body' | 'on_plate' | undefined;
}

/** Parameters of a capture file, by group and name. */
export type CheckedParameters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One file of a trial, read or not. */
export interface CheckedFile {
  readonly file: string;
  /** What the study reads from it; empty where nobody said. */
  readonly roles: readonly FileRole[];
  readonly recording?: Recording | undefined;
  /** Why it could not be read, and what to do about it. */
  readonly problem?: { readonly what: string; readonly mend?: string | undefined } | undefined;
  readonly plates: readonly CheckedPlate[];
  readonly parameters?: CheckedParameters | undefined;
}

/** Everything at hand about one trial. */
export interface CheckedTrial {
  readonly participant?: string | undefined;
  readonly trial?: string | undefined;
  readonly activity?: string | undefined;
  readonly use: 'study' | 'maximum' | 'static';
  readonly mass_kg?: number | undefined;
  /** The leg that is studied, where somebody said or found it. */
  readonly side?: Side | undefined;
  /** What the model counts positive at the knee, where there is a model. */
  readonly model_knee?: 'flexion' | 'extension' | undefined;
  readonly files: readonly CheckedFile[];
}
