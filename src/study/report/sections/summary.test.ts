import { describe, expect, it } from 'vitest';
import { makeReportData } from '../report.fixture.js';
import type { ErrorRow, ModelName, ReportData } from '../types.js';
import { describeResult } from './summary.js';

const base = makeReportData(2, 2);

function makeRow(activity: string, model: ModelName, rmse: number, r2: number): ErrorRow {
  return {
    activity,
    model,
    frames: 1234,
    rmse_Nm_per_kg: rmse,
    rmse_Nm: 70 * rmse,
    nrmse: rmse / 2,
    r2,
    r: null,
    mae_Nm_per_kg: null,
    skill_vs_mean: null,
    skill_vs_ridge: null,
    rmse_interval_Nm_per_kg: [rmse - 0.01, rmse + 0.01],
  };
}

function describeRows(errors: ErrorRow[], more: Partial<ReportData> = {}): string {
  return describeResult({ ...base, errors, ...more }).join(' ');
}

describe('describeResult', () => {
  it('gives the hybrid with units and sets it against the others', () => {
    const text = describeRows([
      makeRow('all', 'hybrid', 0.1, 0.95),
      makeRow('all', 'ridge', 0.125, 0.9),
      makeRow('all', 'nms', 0.2, 0.7),
      makeRow('all', 'network', 0.11, 0.94),
      makeRow('all', 'mean', 0.4, 0),
    ]);
    expect(text).toContain(
      'RMSE of 0.100 N·m/kg (95\u202f% interval 0.090 to 0.110; 7.0 N·m; 5.0\u202f% of the measured range)',
    );
    expect(text).toContain('20\u202f% lower than that of ridge regression (0.125 N·m/kg)');
    expect(text).toContain('50\u202f% lower than that of the NMS solver alone (0.200 N·m/kg)');
    expect(text).toMatch(
      /9\u202f% lower than that of the network without muscle forces \(0\.110 N·m\/kg; the two intervals overlap/,
    );
    expect(text).toContain('Predicting only the mean scores 0.400 N·m/kg.');
    expect(text).toContain('3 warnings: read them');
  });

  it('says so when the hybrid loses, in all and in an activity', () => {
    const text = describeRows([
      makeRow('all', 'hybrid', 0.3, 0.5),
      makeRow('all', 'ridge', 0.2, 0.8),
      makeRow('all', 'mean', 0.25, 0),
      makeRow('walk', 'hybrid', 0.3, 0.4),
      makeRow('walk', 'ridge', 0.1, 0.9),
      makeRow('fast walk', 'hybrid', 0.2, 0.6),
    ]);
    expect(text).toContain('50\u202f% higher than that of ridge regression');
    expect(text).toContain('scores 0.250 N·m/kg, no worse than the hybrid');
    expect(text).toContain('best in fast walk (R² 0.60');
    expect(text).toContain('worst in walk (R² 0.40');
    expect(text).toContain('Another model has the lower error in walk (ridge).');
  });

  it('says when models were not tested on the same frames', () => {
    const rows = [makeRow('all', 'hybrid', 0.1, 0.9), { ...makeRow('all', 'nms', 0.2, 0.8), frames: 1200 }];
    expect(describeRows(rows)).toContain('different numbers of frames (1200 to 1234)');
    expect(describeRows(rows.slice(0, 1))).not.toContain('different numbers');
  });

  it('does not lean on a model that is not there', () => {
    expect(describeRows([makeRow('all', 'network', 0.1, 0.9)], { warnings: [] })).toMatch(
      /the network without muscle forces predicts.*no warnings/,
    );
    expect(describeRows([])).toContain('No errors pooled');
  });
});
