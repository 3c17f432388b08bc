import type { Condition } from './report/index.js';
import type { TestedTrial } from './results.js';
import type { ModelKind } from './schema.js';

/** A tested trial with what the report shows of it beside the torque. A trial that several protocols test is given once for each. */
export interface ShownTrial extends TestedTrial, Condition {
  /** 1 in stance of the side whose torque this is, 0 in swing; where it is known. */
  readonly stance?: Uint8Array | undefined;
  /** The side whose torque this is, where the study has both. */
  readonly side?: 'left' | 'right' | undefined;
  /** Intervals of prediction at several levels (0 to 1): half-widths in N·m/kg, one for all frames or one per frame. */
  readonly intervals?:
    | readonly {
        readonly model: ModelKind;
        readonly level: number;
        readonly half_width_Nm_per_kg: number | Float64Array;
      }[]
    | undefined;
  /** 1 where the label can be trusted (but perhaps a model has no prediction). */
  readonly usable: Uint8Array;
  readonly reasons: readonly { readonly why: string; readonly frames: number }[];
  /** EMG envelopes divided by their maxima, activations and forces of the muscles, by name. */
  readonly emg: ReadonlyMap<string, Float64Array>;
  readonly activations: ReadonlyMap<string, Float64Array>;
  readonly forces_N: ReadonlyMap<string, Float64Array>;
  /** The channel that tells the cycle, where the study names one. */
  readonly cycle: Float64Array | undefined;
  /** Attention of the main model's network over its window, where it has one: mean and deviation over the compared frames. */
  readonly attention:
    | {
        readonly lag_s: readonly number[];
        readonly mean: readonly number[];
        readonly sd: readonly number[];
        readonly windows: number;
      }
    | undefined;
}
