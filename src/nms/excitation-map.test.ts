import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildExcitationMap, calcExcitations, mixExcitationsInto } from './excitation-map.js';
import { findKneeGroup, readMuscleName } from './knee-muscles.js';

const gait2392 = [
  'semimem_r',
  'semiten_r',
  'bifemlh_r',
  'bifemsh_r',
  'sar_r',
  'grac_r',
  'tfl_r',
  'rect_fem_r',
  'vas_med_r',
  'vas_int_r',
  'vas_lat_r',
  'med_gas_r',
  'lat_gas_r',
];
const describeMap = (muscles: string[], channels: string[]) =>
  Object.fromEntries(
    buildExcitationMap(muscles, channels).entries.map(({ muscle, from }) => [
      muscle,
      from.map(({ channel, weight }) => `${weight} ${channel}`).join(' + '),
    ]),
  );

describe('readMuscleName', () => {
  it('knows the names of the models, of CEINMS and of electrodes', () => {
    for (const name of [
      'vas_lat_r',
      'vaslat_r',
      'VL_R',
      'EMG_VL_R',
      'R Vastus Lateralis',
      'right-vastus-lateralis',
      'Voltage.R VL',
    ])
      expect(readMuscleName(name)).toEqual({ base: 'vas_lat', side: 'right' });
    expect(readMuscleName('bflh_l')).toEqual({ base: 'bifemlh', side: 'left' });
    expect(readMuscleName('recfem')).toEqual({ base: 'rect_fem', side: undefined });
    expect(readMuscleName('tib_ant_r')).toEqual({ base: 'tibant', side: 'right' });
  });

  it('groups every knee muscle of the common models', () => {
    const others = [
      'bflh_l',
      'bfsh_l',
      'sart_l',
      'recfem_l',
      'vasmed_l',
      'vasint_l',
      'vaslat_l',
      'gasmed_l',
      'gaslat_l',
    ];
    const names = [...gait2392, ...others, 'hamstrings_r', 'vasti_r', 'gastroc_r', 'soleus_r'];
    const inGroup = (group: string) => names.filter((name) => findKneeGroup(name) === group);
    expect(inGroup('quadriceps').length).toBe(9);
    expect(inGroup('hamstrings').length).toBe(7);
    expect(inGroup('gastrocnemius').length).toBe(5);
    expect(inGroup('other')).toEqual(['sar_r', 'grac_r', 'tfl_r', 'sart_l', 'soleus_r']);
  });
});

describe('buildExcitationMap', () => {
  it("maps CEINMS-RT's ten electrodes to its thirteen muscles", () => {
    const channels = gait2392.filter((name) => !['semiten_r', 'bifemsh_r', 'vas_int_r'].includes(name));
    const map = describeMap(gait2392, channels);
    for (const name of channels) expect(map[name]).toBe(`1 ${name}`);
    expect(map.semiten_r).toBe('1 semimem_r');
    expect(map.bifemsh_r).toBe('1 bifemlh_r');
    expect(map.vas_int_r).toBe('0.5 vas_lat_r + 0.5 vas_med_r');
    expect(buildExcitationMap(gait2392, channels).notes.length).toBe(3);
  });

  it('maps the nine envelopes of the treadmill set and tells what nothing drives', () => {
    const channels = [
      'soleus_r',
      'med_gas_r',
      'lat_gas_r',
      'tib_ant_r',
      'semimem_r',
      'bifemlh_r',
      'vas_lat_r',
      'rect_fem_r',
      'vas_med_r',
    ];
    const { entries, notes } = buildExcitationMap([...gait2392, 'soleus_r'], channels);
    expect(entries.filter(({ from }) => from.length === 0).map(({ muscle }) => muscle)).toEqual([
      'sar_r',
      'grac_r',
      'tfl_r',
    ]);
    expect(entries.at(-1)?.from).toEqual([{ channel: 'soleus_r', weight: 1 }]);
    expect(notes.filter((note) => note.includes('nothing drives it, so it gives passive force only')).length).toBe(3);
  });

  it('maps four electrodes of a child, by side', () => {
    const channels = ['Voltage.L Rect', 'Voltage.L Hams', 'Voltage.L Gast', 'Voltage.L Tib Ant', 'Voltage.R Rect'];
    const map = describeMap(['vaslat_l', 'semimem_l', 'bfsh_l', 'gasmed_l', 'recfem_r', 'gaslat_r'], channels);
    expect(map).toEqual({
      vaslat_l: '1 Voltage.L Rect',
      semimem_l: '1 Voltage.L Hams',
      bfsh_l: '1 Voltage.L Hams',
      gasmed_l: '1 Voltage.L Gast',
      recfem_r: '1 Voltage.R Rect',
      gaslat_r: '',
    });
  });

  it('takes channels without a side for either side, and the gastrocnemius heads for each other', () => {
    expect(describeMap(['vas_med_r', 'lat_gas_r', 'hamstrings_r'], ['vl', 'gastrocmed', 'ST', 'BF'])).toEqual({
      vas_med_r: '1 vl',
      lat_gas_r: '1 gastrocmed',
      hamstrings_r: '0.5 ST + 0.5 BF',
    });
  });

  it('takes overrides as they are', () => {
    const from = [
      { channel: 'vas_lat_r', weight: 0.3 },
      { channel: 'rect_fem_r', weight: 0.7 },
    ];
    const overrides = [
      { muscle: 'vas_int_r', from },
      { muscle: 'vas_med_r', from: [] },
    ];
    const map = buildExcitationMap(['vas_int_r', 'vas_med_r'], ['vas_lat_r', 'rect_fem_r'], overrides);
    expect(map.entries).toEqual(overrides);
  });

  it('refuses what it would have to guess', () => {
    expect(() => buildExcitationMap(['vas_lat_r'], ['VL_r', 'vaslat_r'])).toThrow(
      /VL_r and vaslat_r could both drive it/,
    );
    const override = (muscle: string, channel: string, weight: number) => () =>
      buildExcitationMap(['vas_lat_r'], ['VL_r'], [{ muscle, from: [{ channel, weight }] }]);
    expect(override('vas_lat', 'VL_r', 1)).toThrow(/no such muscle/);
    expect(override('vas_lat_r', 'VM_r', 1)).toThrow(/no channel "VM_r"/);
    expect(override('vas_lat_r', 'VL_r', Number.NaN)).toThrow(/weight of "VL_r" is NaN/);
  });
});

describe('excitations', () => {
  it('are the same numbers by trial and by sample', () => {
    const channels = ['vas_lat_r', 'vas_med_r', 'semimem_r'];
    const map = buildExcitationMap(['vas_int_r', 'semiten_r', 'tfl_r'], channels);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double(), fc.double())), (rows) => {
        const given = channels.map((name, c) => ({ name, values: Float64Array.from(rows, (row) => row[c]) }));
        const batch = calcExcitations(map, [...given].reverse());
        const out = new Float64Array(3);
        rows.forEach((row, i) => {
          mixExcitationsInto(out, map, row);
          expect([...out]).toEqual(batch.map((values) => values[i]));
          expect(out[0]).toBe(0 + 0.5 * row[0] + 0.5 * row[1]);
          expect(out[2]).toBe(0);
        });
      }),
    );
  });

  it('refuse missing channels and lengths that differ', () => {
    const map = buildExcitationMap(['vas_lat_r'], ['vas_lat_r']);
    const values = new Float64Array(3);
    expect(() => calcExcitations(map, [{ name: 'other', values }])).toThrow(
      /driven by channel "vas_lat_r", which is not there/,
    );
    expect(() =>
      calcExcitations(map, [
        { name: 'vas_lat_r', values },
        { name: 'b', values: new Float64Array(2) },
      ]),
    ).toThrow(/channel b has 2 samples where vas_lat_r has 3/);
  });
});
