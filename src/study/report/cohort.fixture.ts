import { makeRandom, type Random } from '../../math/index.js';
import { makeReportData } from './report.fixture.js';
import type {
  CycleTorque,
  ErrorRow,
  IntervalCoverage,
  ModelName,
  PeakPair,
  ProtocolName,
  ReportData,
} from './types.js';

/** Made-up data of a study with every protocol, for tests: errors that behave like those of people, no recording behind them. */

const models: readonly ModelName[] = ['mean', 'ridge', 'nms', 'network', 'hybrid'];
const seconds = [5, 10, 20, 40, 80];
const policies = ['none', 'head', 'attention-and-head', 'recurrent-and-up', 'all', 'l2-sp', 'from-scratch'];

/** Median RMSE, N·m/kg. */
const level: { readonly [protocol in ProtocolName]: { readonly [model in ModelName]?: number } } = {
  within: { mean: 0.42, ridge: 0.16, nms: 0.24, network: 0.12, hybrid: 0.11 },
  between: { mean: 0.45, ridge: 0.19, nms: 0.26, network: 0.18, hybrid: 0.165 },
  activity: { mean: 0.5, ridge: 0.24, nms: 0.25, network: 0.22, hybrid: 0.2 },
  transfer: {},
  all: {},
};

/** What is left of the gap between no adaptation and the floor after k seconds, by policy. */
function calcGain(policy: string, k: number): number {
  const speed: { readonly [policy: string]: number } = {
    none: 0,
    head: 0.35,
    'attention-and-head': 0.45,
    'recurrent-and-up': 0.6,
    all: 0.75,
    'l2-sp': 0.8,
  };
  return (speed[policy] ?? 0) * (1 - Math.exp(-k / 15));
}

/** A whole report of so many people with the protocols within, between, activity and transfer, an ablation, peaks and coverage. */
export function makeCohortData(
  participants = 24,
  activities = 6,
  { simulated = true, clinical = false } = {},
): ReportData {
  const base = makeReportData(participants, activities, simulated);
  const random = makeRandom('cohort');
  const people = base.participants.map((person) => ({
    ...person,
    height_m: 1.55 + 0.35 * random.uniform(),
    /** Some are harder to predict than others, whatever the model. */
    hard: Math.exp(0.22 * random.normal()),
  }));
  const names = base.activities;
  const makeRow = (activity: string, model: ModelName, participant: string | null, rmse: number): ErrorRow => {
    const hard = names.indexOf(activity);
    const variance = 0.33 ** 2 * (1 + 0.2 * hard);
    const r2 = 1 - rmse ** 2 / variance;
    return {
      activity,
      model,
      participant,
      frames: activity === 'all' ? 2400 * names.length : 2400,
      rmse_Nm_per_kg: rmse,
      rmse_Nm: rmse * (people.find(({ name }) => name === participant)?.mass_kg ?? 71),
      nrmse: rmse / 1.6,
      r2,
      r: Math.sqrt(Math.max(0, r2)),
      mae_Nm_per_kg: 0.77 * rmse,
      skill_vs_mean: 1 - (rmse / 0.45) ** 2,
      skill_vs_ridge: 1 - (rmse / 0.19) ** 2,
      rmse_interval_Nm_per_kg: [0.94 * rmse, 1.06 * rmse],
      r2_interval: [r2 - 0.03, Math.min(1, r2 + 0.03)],
    };
  };
  const errors: ErrorRow[] = [];
  const addGroup = (condition: Partial<ErrorRow>, model: ModelName, typical: (hard: number) => number): void => {
    for (const activity of [...names, 'all']) {
      const scale = activity === 'all' ? 1 : 0.75 + 0.12 * names.indexOf(activity);
      const own = people.map(({ name, hard }) => ({
        name,
        rmse: scale * typical(hard) * Math.exp(0.08 * random.normal()),
      }));
      errors.push(...own.map(({ name, rmse }) => ({ ...makeRow(activity, model, name, rmse), ...condition })));
      const pooled = Math.sqrt(own.reduce((sum, { rmse }) => sum + rmse ** 2, 0) / own.length);
      errors.push({ ...makeRow(activity, model, null, pooled), ...condition });
    }
  };
  for (const protocol of ['within', 'between', 'activity'] as const)
    for (const model of models) addGroup({ protocol }, model, (hard) => level[protocol][model]! * hard);
  for (const model of ['network', 'hybrid'] as const) {
    const none = level.between[model]!;
    const floor = level.within[model]!;
    for (const policy of policies)
      for (const adaptation_s of policy === 'none' ? [5] : seconds)
        addGroup({ protocol: 'transfer', policy, adaptation_s }, model, (hard) =>
          policy === 'from-scratch'
            ? (floor + 0.025 + 0.35 * Math.exp(-adaptation_s / 16)) * hard
            : (none - (none - floor) * calcGain(policy, adaptation_s)) * hard,
        );
  }
  addGroup({ protocol: 'transfer', policy: 'none', adaptation_s: 5 }, 'ridge', (hard) => 0.19 * hard);
  for (const adaptation_s of seconds)
    addGroup(
      { protocol: 'transfer', policy: 'from-scratch', adaptation_s },
      'ridge',
      (hard) => (0.16 + 0.3 * Math.exp(-adaptation_s / 9)) * hard,
    );
  const worth = { emg: 0.23, angles: 0.2, 'emg+angles': 0.18, 'emg+angles+forces': 0.165 };
  for (const [inputs, typical] of Object.entries(worth))
    addGroup({ protocol: 'between', inputs }, 'hybrid', (hard) => typical * hard);

  return {
    ...base,
    study: 'Every protocol',
    protocol: 'Leave one participant out; besides, within participants, with transfer and on unseen activities.',
    participants: people.map(({ name, mass_kg, height_m }) => ({ name, mass_kg, height_m })),
    protocols: (['within', 'between', 'transfer', 'activity'] as const).map((name) => ({
      name,
      description: {
        within: 'first 70 % of every trial to train, the rest to test',
        between: 'leave one participant out',
        transfer: `trained on the others, adapted with ${seconds.join(', ')} s, tested on the participant’s other trials`,
        activity: 'leave one activity out, of all participants',
      }[name],
    })),
    errors,
    interval: { level: 0.95, method: 'bootstrap over participants, 2,000 draws' },
    traces: base.traces.map((trace) => ({ ...trace, protocol: 'between' as const })),
    cycles: base.cycles
      .filter((cycle) => cycle.participant !== null)
      .flatMap((cycle) => makeSides({ ...cycle, protocol: 'between' }, clinical, random)),
    coverage: makeCoverage(
      people.map(({ name }) => name),
      random,
    ),
    peaks: makePeaks(
      people.map(({ name }) => name),
      names,
      random,
    ),
    paragraphs: [
      'Surface electromyograms were band-pass filtered (30–450 Hz) [@OppenheimSchafer2010] and low-pass filtered at 6 Hz.',
    ],
    references: [
      {
        key: 'OppenheimSchafer2010',
        why: 'filters',
        text: 'Oppenheim AV, Schafer RW (2010). Discrete-Time Signal Processing. Pearson.',
        bibtex: '@book{OppenheimSchafer2010,\n  title = {Discrete-Time Signal Processing}\n}',
      },
    ],
  };
}

function makeSides(cycle: CycleTorque, clinical: boolean, random: Random): CycleTorque[] {
  // People differ in how much torque they use.
  const size = Math.exp(0.15 * random.normal());
  const grow = ({ mean, sd }: CycleTorque['measured']) => ({ mean: mean.map((value) => size * value!), sd });
  const own = {
    ...cycle,
    measured: grow(cycle.measured),
    predicted: { nms: grow(cycle.predicted.nms!), hybrid: grow(cycle.predicted.hybrid!) },
  };
  if (!clinical) return [own];
  return (['left', 'right'] as const).map((side) => {
    const lift = 0.03 * random.normal();
    const shift = (values: readonly (number | null)[]) => values.map((value) => (value === null ? null : value + lift));
    return {
      ...own,
      side,
      toe_off_percent: cycle.activity.includes('squat') ? null : { mean: 60 + 2 * random.normal(), sd: 1.4 },
      measured: { ...own.measured, mean: shift(own.measured.mean) },
    };
  });
}

function makeCoverage(people: readonly string[], random: Random): IntervalCoverage[] {
  return [0.5, 0.8, 0.9, 0.95].flatMap((claim) => {
    const half = 0.08 + 0.3 * claim ** 3;
    const own = people.map((participant) => ({
      participant,
      inside: Math.min(1, Math.max(0, claim - 0.03 + 0.07 * random.normal() * (1 - claim + 0.3))),
      half_width_Nm_per_kg: half * Math.exp(0.15 * random.normal()),
    }));
    const mean = (pick: (one: (typeof own)[number]) => number) =>
      own.reduce((sum, one) => sum + pick(one), 0) / own.length;
    const row = { protocol: 'between', model: 'hybrid', level: claim } as const;
    return [
      ...own.map((one) => ({ ...row, ...one, frames: 14400 })),
      {
        ...row,
        participant: null,
        frames: 14400 * people.length,
        inside: mean(({ inside }) => inside),
        half_width_Nm_per_kg: mean(({ half_width_Nm_per_kg }) => half_width_Nm_per_kg),
      },
    ];
  });
}

function makePeaks(people: readonly string[], activities: readonly string[], random: Random): PeakPair[] {
  return activities.flatMap((activity, a) =>
    people.flatMap((participant) => {
      const typical = 0.6 + 0.25 * a + 0.15 * random.normal();
      const bias = -0.04 + 0.06 * random.normal();
      return Array.from({ length: 8 }, () => {
        const measured_Nm_per_kg = typical + 0.05 * random.normal();
        return {
          protocol: 'between' as const,
          participant,
          activity,
          model: 'hybrid' as const,
          measured_Nm_per_kg,
          predicted_Nm_per_kg: measured_Nm_per_kg + bias + 0.04 * random.normal(),
        };
      });
    }),
  );
}
