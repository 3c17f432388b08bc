import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStudy, resolveFiles } from '../layout.js';
import { makeWorld, written } from './intake.test.support.js';
import type { IntakeWorld } from './resolve.js';

type Written = ReturnType<typeof written> & Record<string, unknown>;
const files = (...children: string[]) =>
  children.flatMap((child) => ['Static', 'Walk', 'Turn'].map((trial) => `${child}/${trial}/${child}07.c3d`));
const read = (world: IntakeWorld, change: (study: Written) => void = () => {}) => {
  const study = written() as Written;
  change(study);
  return readStudy(study, 'study.yaml', undefined, () => world);
};
const rule = (change: object) => (study: Written) => {
  study.participants = { ...(study.participants as object), ...change };
};

describe('participants by folder', () => {
  it('are everybody who lies there, with the one file of each trial', () => {
    const study = read(makeWorld(['LICENSE', ...files('A1', 'B2')]));
    expect(study.participants.map(({ id, trials }) => [id, trials.map((trial) => trial.files?.all)])).toEqual([
      ['A1', ['A1/Static/A107.c3d', 'A1/Walk/A107.c3d', 'A1/Turn/A107.c3d']],
      ['B2', ['B2/Static/B207.c3d', 'B2/Walk/B207.c3d', 'B2/Turn/B207.c3d']],
    ]);
    const [participant] = study.participants;
    expect(participant).toMatchObject({ mass_kg: 40, height_m: 1.5, side: 'left' });
    expect(resolveFiles(study, participant, participant.trials[1])).toMatchObject({
      emg: 'A1/Walk/A107.c3d',
      motion: 'A1/Walk/A107.c3d',
      moments: 'A1/Walk/A107.c3d',
      ground: 'A1/Walk/A107.c3d',
    });
  });

  it('keep the trials that they have; who has nothing to study is left out, and all of it is said', () => {
    const world = makeWorld([
      ...files('A1').slice(0, 2),
      ...files('B2'),
      'docs/readme.txt',
      'C3/Static/c.c3d',
      '_x/Walk/a.c3d',
    ]);
    const study = read(world);
    expect(study.participants.map(({ id, trials }) => [id, trials.map((trial) => trial.id)])).toEqual([
      ['A1', ['Static', 'Walk']],
      ['B2', ['Static', 'Walk', 'Turn']],
    ]);
    const said = study.intake!.warnings.join('\n');
    expect(said).toMatch(/A1: the trial Turn is not there \(A1\/Turn\/\*\.c3d\)/);
    expect(said).toMatch(/docs is left out: it has none of the trials Walk, Turn/);
    expect(said).toMatch(/C3 is left out: it has none/);
    expect(said).toMatch(/"_x" is no name for a participant/);
  });

  it('can be left out, whole or in part, and described otherwise', () => {
    const study = read(
      makeWorld(files('A1', 'B2', 'C3')),
      rule({ except: ['A1', 'B2/Turn', 'Z9'], own: { C3: { side: 'right', mass_kg: 51 } } }),
    );
    expect(study.participants.map(({ id, side, mass_kg, trials }) => [id, side, mass_kg, trials.length])).toEqual([
      ['B2', 'left', 40, 2],
      ['C3', 'right', 51, 3],
    ]);
    expect(study.intake!.warnings).toContain('participants.except names Z9, which is not there.');
  });

  it('are found in any order of the listing, and none is an error that says where it looked', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(files('A1', 'B2', 'C3'), { minLength: 9 }), (listing) => {
        expect(read(makeWorld(listing)).participants.map(({ id }) => id)).toEqual(['A1', 'B2', 'C3']);
      }),
      { numRuns: 10 },
    );
    expect(() => read(makeWorld(['x.c3d']))).toThrow(/no participant was found: no folder fits "\*".*--data DIR/);
  });

  it('refuse two files where one was expected', () => {
    expect(() => read(makeWorld([...files('A1'), 'A1/Walk/again.c3d']))).toThrow(/A1, Walk: 2 files fit/);
  });
});

describe('what a study leaves to its files', () => {
  it('is not looked for where the study says everything', () => {
    const study = written() as Written;
    study.side = 'left';
    study.participants = [
      {
        id: 'P',
        mass_kg: 40,
        trials: [
          { id: 'Walk', activity: 'walk', files: { all: 'a.c3d' } },
          { id: 'Turn', activity: 'turn', files: { all: 'b.c3d' } },
        ],
      },
    ] as never;
    study.files = {} as never;
    expect(readStudy(study, 'study.yaml').participants[0]).toMatchObject({ id: 'P', side: 'left', mass_kg: 40 });
  });

  it('a mass or height that nobody has is refused, with what to do', () => {
    const heavy = () => read(makeWorld(files('A1'), { parameters: { Mass: 40000, Height: 1500 } }));
    expect(heavy).toThrow(
      /A1: SIZE:Mass in A1\/Static\/A107.c3d is 40000, which is no body mass in kg; say its factor/,
    );
    expect(() => read(makeWorld(files('A1'), { parameters: { Mass: 40 } }))).toThrow(
      /none of its files has SIZE:Height, its height.*participants\.own/,
    );
  });

  it('with on_error: leave_out somebody who cannot be told is left out, loudly', () => {
    const world = makeWorld(files('A1', 'B2'), { parameters: { Mass: 40, Height: 1500 } });
    const odd: IntakeWorld = {
      ...world,
      findParameter: (file, group, name) =>
        file.startsWith('A1') && name === 'Mass' ? 'heavy' : world.findParameter(file, group, name),
    };
    expect(() => read(odd)).toThrow(/SIZE:Mass .* is heavy/);
    const study = read(odd, (s) => {
      s.on_error = 'leave_out';
    });
    expect(study.participants.map(({ id }) => id)).toEqual(['B2']);
    expect(study.intake!.warnings.join()).toMatch(/A1 is left out: .*is heavy/);
  });

  it('finds either leg by its EMG, and asks where no name leaves the side open', () => {
    for (const leg of ['left', 'right'] as const) {
      expect(read(makeWorld(files('A1'), { leg })).participants[0].side).toBe(leg);
    }
    expect(() =>
      read(makeWorld(files('A1')), (s) => {
        s.emg.channels = { rect_fem_r: 'L Rect' } as never;
      }),
    ).toThrow(/no name under emg.channels has \{side\}/);
  });

  it('needs a side where names leave it open', () => {
    expect(() =>
      read(makeWorld(files('A1')), (s) => {
        delete (s as { side?: string }).side;
        rule({
          trials: [
            { id: 'Walk', activity: 'walk' },
            { id: 'Turn', activity: 'turn' },
          ],
        })(s);
      }),
    ).toThrow(/"\{side\} Rect" needs to know the leg, but "A1" has no side/);
  });

  it('measures segments in quiet standing, and says which it could not', () => {
    const study = read(makeWorld(files('A1')));
    expect(study.participants[0].segments_m).toEqual({ thigh: 0.4, shank: 0.4 });
    const said = study.intake!.notes.join('\n');
    expect(said).toMatch(
      /A1, Static: the generic leg has segments measured in quiet standing: thigh 0.400 m, shank 0.400 m/,
    );
    expect(said).toMatch(/for want of measurement: pelvis_width \(no points LASI and RASI in metres\)/);
  });

  it('reads for the side the trials to study alone, and for the segments the static one', () => {
    const world = makeWorld(files('A1'));
    read(world);
    expect(world.read).toEqual(['A1/Walk/A107.c3d', 'A1/Turn/A107.c3d', 'A1/Static/A107.c3d']);
  });
});
