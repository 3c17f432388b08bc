import type { ModelDescription, Recording } from '../data/index.js';
import type { CalibrationJob, CalibrationResult, TrialRecordings } from '../estimator/index.js';
import type {
  Executor,
  TrainedNetwork,
  TrainingProgress,
  TrainingRequest,
  TransferSource,
  TransferStrategyName,
  TransferTarget,
} from '../learn/index.js';
import type { TrialFiles } from './layout.js';
import type { Rasterise } from './report/index.js';
import type { StudyParticipant } from './schema.js';

/** A file that was read, by its path relative to the data root. */
export interface HashedFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface LoadedTrial {
  readonly recordings: TrialRecordings;
  readonly ground: Recording | undefined;
  readonly files: readonly HashedFile[];
  /** Sentences of the readers. */
  readonly notes: readonly string[];
}

export interface LoadedModel {
  readonly description: ModelDescription;
  /** Undefined for genu's own leg. */
  readonly file: HashedFile | undefined;
}

/** One network to train: plain data that can go to a worker. */
export type TrainJob = Pick<TrainingRequest, 'network' | 'data' | 'options' | 'metadata'>;

/** One network to adapt to a new participant: plain data that can go to a worker. */
export interface AdaptJob {
  readonly strategy: TransferStrategyName;
  readonly source: TransferSource;
  readonly target: Pick<TransferTarget, 'data' | 'windows' | 'channels' | 'options' | 'metadata'>;
}

/** Which network of a study a training is of. */
export interface TrainingName {
  /** Kind of model. */
  readonly kind: string;
  /** Participant, or `all`. */
  readonly who: string;
  /** Number in its ensemble, from 1. */
  readonly member: number;
  /** For people. */
  readonly title: string;
}

/** Finished tasks by key. */
export interface Store {
  get(key: string): Uint8Array | undefined;
  put(key: string, bytes: Uint8Array): void;
}

/** What a study needs of the world: files, a place for finished tasks, and something that trains networks. */
export interface StudyEnvironment {
  loadTrial(files: TrialFiles, id: string): LoadedTrial;
  loadModel(participant: StudyParticipant): LoadedModel;
  /** Whether a file is there, by its path relative to the data root. */
  hasFile(file: string): boolean;
  hashFile(file: string): HashedFile;
  readonly store: Store;
  /** Calibrates one person's muscles, perhaps in a worker. */
  calibrate(job: CalibrationJob, onProgress: (share: number) => void): Promise<CalibrationResult>;
  /**
   * Trains one network, perhaps in a worker; several may be under way at once.
   * @param name with the key under which the store is to keep the result: it changes with everything that this depends on
   */
  train(
    job: TrainJob,
    onProgress: (progress: TrainingProgress) => void,
    name: TrainingName & { readonly key: string },
  ): Promise<TrainedNetwork>;
  /** Adapts one network, perhaps in a worker. */
  adapt(job: AdaptJob): Promise<TrainedNetwork>;
  /** Text of references.bib; without it the report lists no references. */
  readonly bibliography?: string | undefined;
  /** Makes PNG of SVG, where the host can. */
  readonly rasterise?: Rasterise | undefined;
  /** Runs trained networks. */
  readonly executor: Executor;
  onProgress(share: number, detail: string): void;
  readonly genu_version: string;
  /** Changes when the code does, so that tasks of other code are not taken for this one's. */
  readonly code_key: string;
  readonly node_version: string;
  readonly platform: string;
  /** As the report shows it. */
  readonly date: string;
}
