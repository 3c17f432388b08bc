/** What results.json promises to hold; the names are a contract. */
export interface Row {
  readonly protocol: string;
  readonly model: string;
  readonly activity: string;
  readonly participant: string;
  readonly n: number;
  readonly rmse_Nm_per_kg: number;
  readonly rmse_Nm: number;
  readonly nrmse_percent: number;
  readonly r2: number;
  readonly r: number | null;
  readonly mae_Nm_per_kg: number;
  readonly skill_vs_ridge: number;
  readonly skill_vs_mean: number;
}

export interface Results {
  readonly study: string;
  readonly rows: readonly Row[];
  readonly models: readonly {
    readonly file: string;
    readonly model: string;
    readonly protocol: string;
    readonly participants: readonly string[];
  }[];
}

export const modelNames = ['mean', 'ridge', 'nms', 'network', 'hybrid'] as const;

/** The only row of that model, activity and participant. */
export function getRow({ rows }: Pick<Results, 'rows'>, model: string, activity: string, participant: string): Row {
  const found = rows.filter(
    (row) => row.model === model && row.activity === activity && row.participant === participant,
  );
  if (found.length !== 1) throw new Error(`${found.length} rows of ${model}, ${activity}, ${participant}`);
  return found[0];
}
