import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPath } from '../src/cli/runtime/checking.js';
import type { Channel } from '../src/data/index.js';
import { readStorage } from '../src/io/index.js';
import { checkTrials, type Finding } from '../src/study/index.js';
import { isShared, root, shared } from './support/genu.js';

/** Every trap that the recordings' own description lists, found by the checks on the files themselves. */

const data = (...path: string[]) => join(shared, 'data', ...path);
const check = (path: string, folder?: string) => checkPath(path, { root: folder, pictures: false });
const checkExample = (name: string) => check(join(root, 'examples', name, 'study.yaml'), data(name));
const kinds = (findings: readonly Finding[], where: Partial<Finding['where']> = {}) =>
  findings
    .filter((finding) =>
      Object.entries(where).every(([key, value]) => String(finding.where[key as 'trial'] ?? '').includes(value ?? '')),
    )
    .map(({ id }) => id);
const find = (findings: readonly Finding[], id: string) => findings.filter((finding) => finding.id === id);
const trialOf = (child: string, trial: string) => {
  const folder = data('children-gait', child, trial);
  return join(folder, readdirSync(folder)[0]);
};

const children = isShared('data', 'children-gait');
describe.skipIf(!children)('the children, file by file', () => {
  const legs = {
    HC002D: 'right',
    HC030A: 'left',
    HC031A: 'right',
    HC032A: 'left',
    HC036A: 'left',
    HC038A: 'right',
    HC039A: 'left',
  };

  it.each(Object.entries(legs))(
    'finds the electrodes of %s on the %s leg, and the unit and sign of the moments',
    (child, leg) => {
      const findings = check(trialOf(child, 'Straight'));
      const [side] = find(findings, 'emg-side');
      // One trial alone leaves it open where open inputs pick up as much as a muscle gives; all trials together tell.
      expect(side.what).toMatch(new RegExp(`^The ${leg} leg has the electrodes|by their looks both`));
      const units = find(findings, 'moment-unit');
      expect(units.map(({ where }) => where.channel)).toEqual(['LKneeMoment.x', 'RKneeMoment.x']);
      for (const unit of units) {
        expect(unit.severity).toBe('error');
        expect(unit.what).toContain('the file says N.mm');
        expect(unit.yaml).toBe('torque:\n  unit: N.mm/kg');
      }
      for (const sign of find(findings, 'moment-sign')) expect(sign.yaml).toBe('torque:\n  positive: extension');
      for (const sign of find(findings, 'angle-sign')) expect(sign.what).toContain('counts flexion positive');
      expect(find(findings, 'moment-sign')).toHaveLength(2);
      expect(find(findings, 'angle-sign')).toHaveLength(2);
      expect(kinds(findings)).toContain('labels-continued');
      expect(kinds(findings)).toContain('force-unit');
      expect(kinds(findings)).not.toContain('plate-foot');
      expect(kinds(findings)).not.toContain('not-checked');
    },
  );

  it('finds the trials whose EMG leg met no plate, and the label that is missing', () => {
    for (const child of ['HC036A', 'HC039A'] as const) {
      const [missed] = find(check(trialOf(child, 'Turn')), 'no-plate-contact');
      expect(missed.severity).toBe('error');
      expect(missed.what).toContain(`The ${legs[child]} leg, the one with the electrodes, met no force plate`);
    }
    expect(find(check(trialOf('HC039A', 'Turn')), 'no-plate-contact')[0].what).toContain(
      'there is no LGroundReactionForce',
    );
  });

  it('finds the partial contacts, and where moments go on without a plate', () => {
    const turn32 = check(trialOf('HC032A', 'Turn'));
    expect(find(turn32, 'partial-contact')[0].what).toContain('left foot are partial: frames 181 to 21');
    expect(find(turn32, 'moment-off-plate').map(({ where }) => where.channel)).toContain('LKneeMoment.x');
    const turn31 = check(trialOf('HC031A', 'Turn'));
    expect(find(turn31, 'partial-contact')[0].what).toMatch(
      /1 of 2 contacts of the right foot are partial: frames 202 to 25/,
    );
  });

  it('lists what the study takes care of as mended, and the electrodes of every child', () => {
    const findings = checkExample('children-gait');
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const sides = find(findings, 'emg-side');
    expect(
      Object.fromEntries(sides.map(({ where, what }) => [where.participant, /^The (\w+) leg/.exec(what)?.[1]])),
    ).toEqual(legs);
    const mended = new Set(findings.filter(({ mended_by }) => mended_by !== undefined).map(({ id }) => id));
    for (const id of [
      'moment-unit',
      'angle-sign',
      'emg-side',
      'no-plate-contact',
      'partial-contact',
      'moment-off-plate',
      'moment-noisy',
    ])
      expect(mended).toContain(id);
    for (const { severity, mended_by } of findings) if (mended_by !== undefined) expect(severity).toBe('note');
    expect(find(findings, 'no-plate-contact').map(({ where }) => `${where.participant}/${where.trial}`)).toEqual([
      'HC036A/Turn',
      'HC039A/Turn',
    ]);
    expect(find(findings, 'partial-contact').map(({ where }) => `${where.participant}/${where.trial}`)).toEqual([
      'HC031A/Turn',
      'HC032A/Turn',
    ]);
  });
});

describe.skipIf(!isShared('data', 'treadmill-adult'))('the adult on the treadmill', () => {
  it.each(['walk36', 'walk45', 'run81'])('%s: labels are raw, residuals large, in the sign of the model', (trial) => {
    const moments = check(data('treadmill-adult', trial, 'id.sto'));
    expect(kinds(moments)).toContain('moment-noisy');
    const share = Number(
      / N in ([\d.]+) % of the frames along pelvis_tx_force/.exec(find(moments, 'residuals')[0].what)?.[1],
    );
    expect(share).toBeGreaterThan(trial === 'run81' ? 40 : 13);
    expect(share).toBeLessThan(trial === 'run81' ? 50 : 17);
    const angles = check(data('treadmill-adult', trial, 'ik.sto'));
    for (const { what } of find(angles, 'angle-sign')) expect(what).toContain('counts extension positive');
    expect(find(angles, 'angle-sign')).toHaveLength(2);
  });

  it('finds forces that are given to the wrong foot, EMG of the other leg, and plates that pull', () => {
    const read = (name: string) => {
      const file = data('treadmill-adult', 'walk45', name);
      return readStorage(readFileSync(file), { file });
    };
    const files = (change: (channel: Channel) => Channel) =>
      ['emgFilt.sto', 'ik.sto', 'id.sto', 'XLD.mot'].map((file) => {
        const recording = read(file);
        return { file, roles: [], plates: [], recording: { ...recording, channels: recording.channels.map(change) } };
      });
    const checkWith = (change: (channel: Channel) => Channel) =>
      checkTrials([{ use: 'study', mass_kg: 75.2, files: files(change) }], undefined).map(({ id }) => id);
    const wrong = ['plate-foot', 'emg-other-leg', 'force-inverted', 'emg-lag', 'emg-swapped', 'moment-unit'];
    expect(checkWith((channel) => channel).filter((id) => wrong.includes(id))).toEqual([]);
    const exchanged = checkWith((channel) =>
      channel.kind === 'ground_reaction'
        ? { ...channel, name: channel.name.startsWith('l_') ? channel.name.slice(2) : `l_${channel.name}` }
        : channel,
    );
    expect(exchanged).toContain('plate-foot');
    expect(exchanged).toContain('emg-other-leg');
    const pulled = checkWith((channel) =>
      channel.name === 'ground_force_vy' ? { ...channel, values: channel.values.map((value) => -value) } : channel,
    );
    expect(pulled).toContain('force-inverted');
  });

  it('finds steps on the other belt', () => {
    expect(kinds(check(data('treadmill-adult', 'run81', 'XLD.mot')))).toContain('cross-steps');
    expect(kinds(check(data('treadmill-adult', 'walk36', 'XLD.mot')))).toContain('cross-steps');
  });

  it('lists what the study takes care of, and nothing else', () => {
    const findings = checkExample('treadmill-adult');
    expect(findings.filter(({ mended_by }) => mended_by === undefined)).toEqual([]);
    for (const trial of ['walk36', 'walk45', 'run81'])
      expect(kinds(findings, { trial })).toEqual(
        expect.arrayContaining(['moment-noisy', 'residuals', 'start-unsettled']),
      );
  });
});

describe.skipIf(!isShared('data', 'isometric-elderly'))('the elderly adults at a load cell', () => {
  it('says of a bare workbook that nobody says what its columns are, with lines to begin with', () => {
    const [finding, ...others] = check(data('isometric-elderly', 'ID 1.xlsx'));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ id: 'columns-undeclared', severity: 'error' });
    expect(finding.yaml).toContain('tables:\n  all:');
    expect(finding.yaml).toContain('sheet: "DNM"');
  });

  it('finds the baselines, the EMG that tells little of the force, and dead channels', () => {
    const findings = checkExample('isometric-elderly');
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const baselines = find(findings, 'force-baseline').map(({ where }) => where.participant);
    expect(baselines).toEqual(['1', '2', '7', '8', '11', '12']);
    expect(find(findings, 'force-baseline')[1].what).toContain('begins at 11.3 kgf');
    const unrelated = find(findings, 'emg-force-unrelated');
    expect(unrelated.map(({ where }) => where.participant)).toContain('7');
    for (const { severity, mend } of unrelated) {
      expect(severity).toBe('warning');
      expect(mend).toContain('Keep the recording');
    }
    expect(find(findings, 'emg-noise').map(({ where }) => where.channel)).toContain('LG');
  });
});

describe.skipIf(!isShared('data', 'c3d-oddities'))('odd capture files', () => {
  it('sprint.c3d: unused channels at ±3.3 V, plates that nobody met, each step under its foot', () => {
    const findings = check(data('c3d-oddities', 'sprint.c3d'));
    const [unused] = find(findings, 'emg-unused');
    expect(unused.what).toContain('saturate at ±3.31 V');
    expect(unused.what).toContain('Voltage.not_used#2');
    expect(find(findings, 'plate-unloaded')[0].what).toContain('plate2, plate4 (5 plates)');
    expect(find(findings, 'plate-feet')[0].what).toContain('plate1 right, plate3 left, plate5 right');
  });

  it('dec_float_gait.c3d: repeated labels, and forces ten times too small', () => {
    const findings = check(data('c3d-oddities', 'dec_float_gait.c3d'));
    expect(find(findings, 'labels-repeated')[0].what).toContain(
      '6 labels stand for more than one signal: RKNE, RANK, LKNE, LANK',
    );
    expect(find(findings, 'force-scale')[0].what).toMatch(
      /F1Z is 11\.\d times too small, F2Z is 11\.\d times too small/,
    );
  });
});

describe.skipIf(!isShared('data', 'overground-adult'))('the adult overground', () => {
  it('finds centres of pressure in millimetres, and angles that count flexion positive', () => {
    expect(kinds(check(data('overground-adult', 'grf_walk.mot')))).toEqual(['pressure-unit']);
    const angles = check(data('overground-adult', 'coordinates.sto'));
    for (const { what } of find(angles, 'angle-sign')) expect(what).toContain('counts flexion positive');
  });
});
