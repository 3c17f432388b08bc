import { describe, expect, it } from 'vitest';
import { findFiles } from './files.js';
import { fillNames, findMatches } from './names.js';

describe('findMatches', () => {
  const paths = [
    'A1/Turn/a.c3d',
    'A1/Turn/.a.c3d',
    'A1/Turn/b/a.c3d',
    'A1/Turn/a_c3d',
    'B(2)/Turn/x.c3d',
    'A1/Turnx/a.c3d',
  ];

  it('lets * stand for a part of one name, never for a folder, and leaves hidden files', () => {
    expect(findMatches('A1/Turn/*.c3d', paths)).toEqual(['A1/Turn/a.c3d']);
    expect(findMatches('*/Turn*/*.c3d', paths)).toEqual(['A1/Turn/a.c3d', 'B(2)/Turn/x.c3d', 'A1/Turnx/a.c3d']);
    expect(findMatches('A1/Turn/.*', paths)).toEqual(['A1/Turn/.a.c3d']);
  });

  it('takes every other character as it stands', () => {
    expect(findMatches('B(2)/Turn/*', paths)).toEqual(['B(2)/Turn/x.c3d']);
    expect(findMatches('A1.Turn/*.c3d', paths)).toEqual([]);
  });
});

describe('findFiles', () => {
  const study = { study: 's', files: { all: '{participant}/{trial}/*.c3d' } };
  const trial = { id: 'Turn', activity: 'turn' };

  it('finds the one file behind a wildcard, and says which are missing', () => {
    expect(findFiles(study, trial, 'A1', ['A1/Turn/x7.c3d'])).toEqual({
      files: { all: 'A1/Turn/x7.c3d' },
      missing: [],
    });
    expect(findFiles(study, trial, 'A1', ['A2/Turn/x7.c3d']).missing).toEqual(['A1/Turn/*.c3d']);
  });

  it('refuses to choose between two', () => {
    expect(() => findFiles(study, trial, 'A1', ['A1/Turn/x.c3d', 'A1/Turn/y.c3d'])).toThrow(
      /A1, Turn: 2 files fit "A1\/Turn\/\*\.c3d" \(A1\/Turn\/x\.c3d, A1\/Turn\/y\.c3d\); one was expected/,
    );
  });

  it("takes a trial's own file before the study's", () => {
    const own = { ...trial, files: { all: 'turns/{participant}.c3d' } };
    expect(findFiles(study, own, 'A1', ['turns/A1.c3d']).files).toEqual({ all: 'turns/A1.c3d' });
  });
});

it('fillNames refuses names that mean nothing', () => {
  expect(() => fillNames('{day}/a', { participant: 'p', trial: 't', activity: 'a' }, 'study.yaml')).toThrow(
    /study.yaml: the file name "\{day\}\/a" has \{day\}/,
  );
});
