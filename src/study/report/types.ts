import type { BundleKind } from '../../estimator/index.js';

/**
 * What a study hands to `writeReport`: plain data that survives `JSON.stringify` and `JSON.parse`.
 *
 * Conventions
 * - Time in s, torque in N·m/kg (body mass), force in N; fractions (NRMSE, skill, R²) as fractions, not per cent.
 * - A missing number is `null` (what JSON makes of NaN); NaN and `undefined` are read the same way. It is shown as "–", and as a gap in a line.
 * - Every string is shown as text, never as markup.
 * - An empty list leaves its section with one sentence that says so.
 */

/** A number that may be missing. */
export type Maybe = number | null | undefined;

/** Samples of one signal; a missing sample is `null` (or NaN). */
export type Series = readonly (number | null)[];

/** The compared predictors, from the plainest to the fullest. */
export type ModelName = BundleKind;

/** Something known for some or all of the models. */
export type PerModel<T> = { readonly [model in ModelName]?: T | undefined };

/**
 * What a model knew of those it was tested on. `within`: other parts of their trials; `between`: nothing, trained on other participants;
 * `transfer`: trained on others, then given some seconds of theirs; `activity`: other activities only; `all`: a part of everybody's trials.
 */
export type ProtocolName = 'within' | 'between' | 'transfer' | 'activity' | 'all';

/** Under what a model was trained and tested. Left out in a study of one protocol. */
export interface Condition {
  readonly protocol?: ProtocolName | undefined;
  /** Of transfer: seconds of the new participant that were there to adapt with. */
  readonly adaptation_s?: Maybe;
  /** Of transfer: strategy of adaptation, e.g. `none`, `head`, `from-scratch`. */
  readonly policy?: string | null | undefined;
  /** Of an ablation: the inputs the model was given, joined by `+`, e.g. `emg+angles`; null where it had all of its own. */
  readonly inputs?: string | null | undefined;
}

/** A stretch of time. */
export interface Span {
  readonly start_s: number;
  readonly end_s: number;
}

/** The errors of one model on the test frames of one activity. */
export interface ErrorRow extends Condition {
  /** An entry of `ReportData.activities`, or `all`: every activity pooled. */
  readonly activity: string;
  readonly model: ModelName;
  /** One participant's errors; left out (or null) where participants are pooled. */
  readonly participant?: string | null | undefined;
  /** Test frames the errors were calculated from. */
  readonly frames: number;
  readonly rmse_Nm_per_kg: Maybe;
  readonly rmse_Nm: Maybe;
  /** RMSE divided by the range of the measured torque. */
  readonly nrmse: Maybe;
  readonly r2: Maybe;
  /** Pearson's correlation. */
  readonly r: Maybe;
  readonly mae_Nm_per_kg: Maybe;
  /** 1 is perfect, 0 no better than the baseline, negative worse. */
  readonly skill_vs_mean: Maybe;
  readonly skill_vs_ridge: Maybe;
  /** Mean over cycles or trials of predicted minus measured peak torque. */
  readonly peak_error_Nm_per_kg?: Maybe;
  /** Mean over cycles or trials of predicted minus measured time of the peak. */
  readonly peak_timing_error_s?: Maybe;
  /** Lower and upper confidence limit; the level and the method are in `ReportData.interval`. */
  readonly rmse_interval_Nm_per_kg?: readonly [Maybe, Maybe] | null | undefined;
  readonly r2_interval?: readonly [Maybe, Maybe] | null | undefined;
}

/** One test trial over time. Give the whole trial: the report picks a few seconds of it. */
export interface TorqueTrace extends Condition {
  readonly participant: string;
  readonly activity: string;
  readonly trial: string;
  /** Increasing. */
  readonly times_s: readonly number[];
  readonly measured_Nm_per_kg: Series;
  readonly predicted_Nm_per_kg: PerModel<Series>;
  /** Frames left out of training and of the errors. */
  readonly masked: readonly Span[];
}

/** Mean and standard deviation over cycles at evenly spaced points, 0 to 100 % (as a rule 101 of them). */
export interface MeanSd {
  readonly mean: Series;
  readonly sd: Series;
}

/** The torque over the cycle of one activity, N·m/kg. */
export interface CycleTorque extends Condition {
  readonly activity: string;
  /** Left out (or null) where participants are pooled. */
  readonly participant?: string | null | undefined;
  readonly cycles: number;
  /** Where `participant` is left out and this is more than 1: mean and SD are those of that many participants' mean cycles, not of cycles. */
  readonly participants?: number | undefined;
  /** The side whose own cycle it is. */
  readonly side?: 'left' | 'right' | undefined;
  /** End of stance, % of the cycle; left out where stance is not known. */
  readonly toe_off_percent?: { readonly mean: number; readonly sd: Maybe } | null | undefined;
  /** What 0 % is, e.g. `right heel strike`. */
  readonly starts_with: string;
  readonly measured: MeanSd;
  readonly predicted: PerModel<MeanSd>;
}

/** A named signal of a muscle or an EMG channel. */
export interface NamedSeries {
  readonly name: string;
  readonly values: Series;
}

/** How often the measured torque lay within a model's interval of prediction. */
export interface IntervalCoverage extends Condition {
  readonly model: ModelName;
  /** Left out (or null) where participants are pooled. */
  readonly participant?: string | null | undefined;
  /** What the interval claims, 0 to 1. */
  readonly level: number;
  readonly frames: number;
  /** Share of the frames within the interval. */
  readonly inside: Maybe;
  /** Mean over the frames. */
  readonly half_width_Nm_per_kg: Maybe;
}

/** The largest torque of one cycle (of one trial where there are no cycles), measured and predicted. */
export interface PeakPair extends Condition {
  readonly participant: string;
  readonly activity: string;
  readonly model: ModelName;
  readonly measured_Nm_per_kg: number;
  readonly predicted_Nm_per_kg: number;
}

/** A source that the study rests on. */
export interface Reference {
  /** Its key in references.bib. */
  readonly key: string;
  /** What the study took from it. */
  readonly why: string;
  /** Written out, for a list of references. */
  readonly text: string;
  readonly bibtex: string;
}

/** One trial from EMG to torque; every series has one value per time stamp. */
export interface MuscleChain {
  readonly participant: string;
  readonly activity: string;
  readonly trial: string;
  readonly times_s: readonly number[];
  /** EMG envelopes divided by their maxima. */
  readonly emg: readonly NamedSeries[];
  /** 0 to 1. */
  readonly activation: readonly NamedSeries[];
  /** Muscle-tendon force. */
  readonly force_N: readonly NamedSeries[];
  readonly measured_Nm_per_kg: Series;
  readonly predicted_Nm_per_kg: PerModel<Series>;
  readonly masked: readonly Span[];
}

/** The training of one network. */
export interface LearningCurve {
  /** Which network, e.g. `hybrid, P01` or `hybrid, fold 3, seed 1`. */
  readonly network: string;
  /** What the loss is and its unit, e.g. `Huber loss of standardised torque`. */
  readonly loss: string;
  /** One value per epoch, the first epoch first. */
  readonly train: Series;
  readonly validation: Series;
  /** The epoch whose weights were kept, counted from 1; null when the last was. */
  readonly best_epoch: number | null;
}

/** Mean attention over the test windows of one activity. */
export interface AttentionProfile {
  readonly activity: string;
  /** Time of each place in the window relative to the predicted frame; negative is the past. */
  readonly lag_s: readonly number[];
  readonly weight: Series;
  /** Standard deviation over windows. */
  readonly sd?: Series | undefined;
  readonly windows: number;
}

/** One calibrated parameter. */
export interface CalibratedParameter {
  /** E.g. `vasti: strength`. */
  readonly name: string;
  /** Rows of a group stand together, e.g. `strength`, `tendon slack length`. */
  readonly group: string;
  /** `1` for a plain number. */
  readonly unit: string;
  readonly lower: number;
  readonly upper: number;
  readonly initial: Maybe;
  readonly value: Maybe;
}

/** The calibration of one participant's NMS solver. */
export interface Calibration {
  readonly participant: string;
  readonly parameters: readonly CalibratedParameter[];
}

/** What became of the frames of one trial. */
export interface TrialUse {
  readonly participant: string;
  readonly activity: string;
  readonly trial: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly frames: number;
  readonly used: number;
  /** Frames left out, by reason. */
  readonly masked: readonly { readonly why: string; readonly frames: number }[];
  /** Where the masked frames are. */
  readonly masked_spans: readonly Span[];
  readonly parts: readonly (Span & { readonly part: 'train' | 'validation' | 'test' })[];
}

/** What one EMG channel was divided by. */
export interface EmgMaximum {
  readonly participant: string;
  readonly channel: string;
  readonly value: Maybe;
  /** `V`, or `1` for an envelope that came normalised. */
  readonly unit: string;
  /** Trials it was taken from. */
  readonly trials: readonly string[];
}

export type OptionValue =
  | string
  | number
  | boolean
  | null
  | readonly OptionValue[]
  | { readonly [name: string]: OptionValue };

/** What is needed to do the study again. */
export interface Provenance {
  readonly genu_version: string;
  readonly node_version: string;
  /** E.g. `linux x64`. */
  readonly platform?: string | undefined;
  readonly seeds: readonly number[];
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes?: number | undefined }[];
  /** Every option of the study with the value it had. */
  readonly options: { readonly [name: string]: OptionValue };
}

/** Everything in a report. */
export interface ReportData {
  readonly title: string;
  readonly study: string;
  /** As it is to be shown, e.g. `2025-03-14 16:05 UTC`. */
  readonly date: string;
  /** True puts a banner on top: simulated virtual participants, not measured people. */
  readonly simulated: boolean;
  /** The split in one sentence, e.g. `Within participant: first 70 % of each trial to train, last 20 % to test.` */
  readonly protocol: string;
  /** The predicted quantity, e.g. `right knee torque`, and what its positive direction means, e.g. `extension`. */
  readonly target: { readonly name: string; readonly positive: string };
  /** In the order to show them; `all` is not an activity. */
  readonly activities: readonly string[];
  /** In the order to show them. */
  readonly participants: readonly { readonly name: string; readonly mass_kg: Maybe; readonly height_m?: Maybe }[];
  /** The protocols of the study in the order to show them, each in one sentence. Left out where there is but one. */
  readonly protocols?: readonly { readonly name: ProtocolName; readonly description: string }[] | undefined;
  /** How the confidence intervals were made, e.g. level 0.95, `block bootstrap by cycle, 2,000 resamples`; null when there are none. */
  readonly interval: { readonly level: number; readonly method: string } | null;
  readonly errors: readonly ErrorRow[];
  readonly traces: readonly TorqueTrace[];
  readonly cycles: readonly CycleTorque[];
  readonly chains: readonly MuscleChain[];
  readonly training: readonly LearningCurve[];
  readonly attention: readonly AttentionProfile[];
  readonly calibrations: readonly Calibration[];
  readonly trials: readonly TrialUse[];
  readonly emg_maxima: readonly EmgMaximum[];
  readonly coverage?: readonly IntervalCoverage[] | undefined;
  readonly peaks?: readonly PeakPair[] | undefined;
  readonly warnings: readonly string[];
  /** What was done, in sentences. */
  readonly methods: readonly string[];
  /** The same as text to paste, one paragraph each, with citations as `[@Key]`. */
  readonly paragraphs?: readonly string[] | undefined;
  readonly references?: readonly Reference[] | undefined;
  readonly provenance: Provenance;
  /** Replaces or extends the glossary: an entry whose term is already there takes its place. */
  readonly glossary?: readonly { readonly term: string; readonly meaning: string }[] | undefined;
}
