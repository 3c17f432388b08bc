import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networks, transferStrategyNames } from '../../learn/index.js';
import { modelKinds, type Study, studySchema } from '../schema.js';
import { listReferences, readBibliography, writeBibtex, writeMethodsParagraphs, writeReference } from './index.js';
import { listCited } from './text.js';

const text = readFileSync(new URL('../../../references.bib', import.meta.url), 'utf8');
const bibliography = readBibliography(text);
const versions = { genu: '0.0.0', node: 'v20' };

function makeStudy(change: object = {}, people = 7): Study {
  const participants = Array.from({ length: people }, (_, i) => ({
    id: `P${i + 1}`,
    mass_kg: 60 + i,
    trials: [
      { id: 'walk', activity: 'walk' },
      { id: 'squat', activity: 'squat' },
    ],
  }));
  return studySchema.parse({
    study: 'small',
    emg: { kind: 'raw', channels: { vas_lat_r: 'VL', rect_fem_r: 'RF' } },
    motion: { coordinates: ['knee_angle_r'] },
    torque: { positive: 'extension' },
    split: { train_first: 0.7 },
    participants,
    ...change,
  }) as Study;
}

const write = (change: object = {}, people?: number) => writeMethodsParagraphs(makeStudy(change, people), versions);

/** Studies that between them ask for everything that is cited. */
const everything: readonly object[] = [
  {
    models: modelKinds,
    protocols: ['within', 'between', 'activity', 'transfer'],
    transfer: { policies: transferStrategyNames },
    cycle: { channel: 'hip_flexion_r' },
    training: { ensemble: 3, time_warp: 0.1, emg_dropout: 0.1 },
    model: 'leg.osim',
  },
  { filters: 'causal', emg: { kind: 'envelope', channels: { vas_lat_r: 'VL' }, maximum: 'none' } },
  ...networks.map(({ kind }) => ({ network: { kind } })),
];

describe('the methods', () => {
  it('cite only what references.bib holds, whatever the study asks for', () => {
    for (const people of [1, 2, 7])
      for (const change of everything)
        for (const key of listCited(write(change, people))) expect(bibliography.has(key), key).toBe(true);
  });

  it('name every choice', () => {
    const all = write(everything[0]).join('\n');
    for (const said of [
      '30–450 Hz',
      '6 Hz (zero-lag 4th-order Butterworth)',
      'knee_angle_r',
      'positive: extension',
      'resampled to 100 Hz',
      'the first 70 % of each trial',
      'trained on all other participants',
      'adapted with 5, 20 and 60 s',
      'L2-SP',
      'a window of 0.3 s before the predicted frame',
      'learning rate of 0.003',
      'at most 30 epochs',
      'seeds 1 to 3',
      'genu 0.0.0 on Node.js v20',
      'Holm',
      'warping of time (SD 0.1)',
      '7 participants (body mass 63.0 ± 2.2 kg)',
    ])
      expect(all).toContain(said);
    expect(all).not.toMatch(/undefined|NaN|\[object| {2}|\.\./);
  });

  it('follow the study: what was not asked for is not said', () => {
    const plain = write({ models: ['ridge'] }, 1).join('\n');
    expect(plain).not.toMatch(/network|Wilcoxon|adapt|forest/i);
    expect(plain).toContain('1 participant (body mass 60.0 kg)');
    expect(write({ simulated: true }).join('\n')).toContain('simulated, virtual participants (no measured people)');
    expect(write({ filters: 'causal' }).join('\n')).toMatch(/causal 2nd-order Butterworth.*backward differences/);
  });
});

describe('the references', () => {
  it('stand in the order of first mention, each once, with why and how to cite', () => {
    const references = listReferences(write(everything[0]), bibliography);
    expect(references.map(({ key }) => key)).toEqual(listCited(write(everything[0])));
    const ridge = references.find(({ key }) => key === 'HoerlKennard1970')!;
    expect(ridge.why).toMatch(/ridge regression/);
    expect(ridge.text).toBe(
      'Hoerl AE, Kennard RW (1970). Ridge regression: biased estimation for nonorthogonal problems. Technometrics 12(1):55–67. doi:10.1080/00401706.1970.10488634',
    );
    for (const { why } of references) expect(why).not.toMatch(/@|^$/);
  });

  it('come out as BibTeX that reads back the same', () => {
    const references = listReferences(write(everything[0]), bibliography);
    const again = readBibliography(writeBibtex(references));
    expect([...again.keys()]).toEqual(references.map(({ key }) => key));
    for (const { key, bibtex } of references) expect(again.get(key)!.bibtex).toBe(bibtex);
  });

  it('refuse a key that is not there', () => {
    expect(() => listReferences(['As ever [@Nobody1900].'], bibliography)).toThrow(/Nobody1900.*not there/);
  });
});

describe('readBibliography', () => {
  it('reads every entry of references.bib whole', () => {
    expect(bibliography.size).toBe(text.match(/^@\w+\{/gm)!.length);
    for (const entry of bibliography.values()) {
      expect(entry.fields.get('title'), entry.key).toBeTruthy();
      expect(entry.bibtex.endsWith('}')).toBe(true);
      expect(writeReference(entry), entry.key).not.toMatch(/[{}\\]|undefined|\.\./);
    }
  });

  it('composes accents', () => {
    const entry = readBibliography(
      '@misc{A,\n author = {K{\\"u}nsch, Hans and Mor{\\\'e}, J.},\n title = {{X} and \\& y},\n year = 1989\n}',
    );
    expect(entry.get('A')!.fields).toEqual(
      new Map([
        ['author', 'Künsch, Hans and Moré, J.'],
        ['title', 'X and & y'],
        ['year', '1989'],
      ]),
    );
  });

  it('names what is damaged, and never hangs', () => {
    expect(() => readBibliography('@misc{A,\n title = {open\n')).toThrow(/"A" is not closed/);
    expect(() => readBibliography('@misc{A,\n t = {}}\n@misc{A,\n t = {}}\n')).toThrow(/"A" is given twice/);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('{', '}', '@', ',', '='), (at, sign) => {
        try {
          readBibliography(text.slice(0, at) + sign + text.slice(at + 1));
        } catch (error) {
          expect((error as Error).name).toBe('GenuError');
        }
      }),
      { numRuns: 60 },
    );
  });
});

it('the package has the file', () => {
  expect(existsSync(new URL('../../../references.bib', import.meta.url))).toBe(true);
});
