import type { Draft, TrialCheck } from '../draft.js';
import { listSome, placeOf } from '../draft.js';
import type { CheckedFile, CheckedTrial } from '../evidence.js';

/** What the files themselves tell: whether they can be read, how they label their signals, which plates were stepped on. */
export const checkFiles: TrialCheck = ({ trial }) =>
  trial.files.flatMap((file) =>
    file.problem
      ? [sayUnreadable(trial, file)]
      : [...checkLabels(trial, file), ...checkMeaning(trial, file), ...checkPlates(trial, file)],
  );

function sayUnreadable(trial: CheckedTrial, file: CheckedFile): Draft {
  const { what, mend = 'Export the trial again, or take it out of the study.' } = file.problem!;
  const where = placeOf(trial, file);
  if (/time (stands still|runs backwards)|time stamp \d+ is not a number/.test(what)) {
    return {
      id: 'time-stamps',
      severity: 'error',
      where,
      what,
      cause: 'Two trials were joined into one file, rows were written twice, or the recorder was stopped and started.',
      mend,
    };
  }
  if (/so its columns need a declaration/.test(what)) {
    return {
      id: 'columns-undeclared',
      severity: 'error',
      where,
      what,
      cause: 'The table has no header row that says what its columns are, in which unit and at which rate.',
      mend: 'Say so under tables in study.yaml, and check the study.',
      yaml: writeTableLines(mend),
    };
  }
  return {
    id: 'unreadable',
    severity: 'error',
    where,
    what,
    cause: 'The file is damaged, of another kind, or lacks what the study reads from it.',
    mend,
    ...(/inDegrees/.test(mend) ? { yaml: 'motion: { unit: deg }   # or rad' } : {}),
  };
}

/** The reader's example of a declaration, as lines of a study. */
function writeTableLines(mend: string): string {
  const lines = mend.split('\n');
  const from = lines.findIndex((line) => /for example:$/.test(line));
  const example =
    from < 0 ? ['  rate_Hz: 1000', '  channels: { force: { column: 1, unit: N } }'] : lines.slice(from + 1);
  return ['tables:', '  all:', ...example.map((line) => `  ${line}`)].join('\n');
}

function checkLabels(trial: CheckedTrial, file: CheckedFile): Draft[] {
  const found: Draft[] = [];
  const more = Object.keys(file.parameters?.POINT ?? {}).filter((name) => /^LABELS[2-9]$/.test(name));
  if (more.length > 0) {
    const count = more.reduce((sum, name) => sum + [file.parameters!.POINT[name]].flat().length, 0);
    found.push({
      id: 'labels-continued',
      severity: 'note',
      where: placeOf(trial, file),
      what: `${count} point labels continue in POINT:${more.join(', ')}.`,
      cause:
        'One parameter of a C3D file holds 255 labels at most. A reader that stops there loses the rest without a word.',
      mend: 'Nothing to do: genu reads them. Other programs may not.',
    });
  }
  const names = file.recording?.channels.map(({ name }) => name) ?? [];
  const labels = names
    .map((name) => /^(.*)#(\d+)(\.[xyz])?$/.exec(name))
    .flatMap((match) => (match && match[3] !== '.y' && match[3] !== '.z' ? [match[1]] : []));
  const twice = [...new Set(labels)].filter((label) => !/not.?used/i.test(label));
  if (twice.length > 0) {
    found.push({
      id: 'labels-repeated',
      severity: 'warning',
      where: placeOf(trial, file),
      what: `${twice.length === 1 ? 'One label stands' : `${twice.length} labels stand`} for more than one signal: ${listSome(twice)}.`,
      cause: 'Markers and the points computed from them were stored under one name, or a channel was exported twice.',
      mend: `The first one keeps its name, the second is called "${twice[0]}#2". Look at both (genu inspect) before a study names either.`,
    });
  }
  return found;
}

/** Columns whose meaning or unit nobody says. */
function checkMeaning(trial: CheckedTrial, file: CheckedFile): Draft[] {
  const channels = file.recording?.channels ?? [];
  const found: Draft[] = [];
  const far = channels.filter(
    ({ kind, unit, name }) => kind === 'ground_reaction' && unit === '?' && /_p[xyz]$/.test(name),
  );
  if (far.length > 0) {
    const most = far.reduce(
      (largest, { values }) => values.reduce((m, value) => Math.max(m, Math.abs(value)), largest),
      0,
    );
    found.push({
      id: 'pressure-unit',
      severity: 'warning',
      where: placeOf(trial, file),
      what: `Centres of pressure reach ${most.toFixed(0)}: no laboratory is that many metres long (${listSome(far.map(({ name }) => name))}).`,
      cause: 'They are millimetres; OpenSim reads metres.',
      mend: 'Divide them by 1000 before inverse dynamics is run, and the free moments where they are N·mm.',
      picture: () => ({
        title: far[0].name,
        x: 'time (s)',
        y: 'as in the file',
        lines: [{ label: far[0].name, x: far[0].clock.times_s, y: far[0].values, tone: 'bad' }],
      }),
    });
  }
  // A study says what its columns are.
  if (
    file.roles.length === 0 &&
    file.plates.length === 0 &&
    channels.length > 0 &&
    channels.every(({ kind }) => kind === 'other')
  ) {
    found.push({
      id: 'meaning-unknown',
      severity: 'note',
      where: placeOf(trial, file),
      what: `Nothing in the file says what its ${channels.length} columns measure: ${listSome(channels.map(({ name }) => name))}.`,
      cause: 'The header names no topic that is known, and the labels are free text.',
      mend: 'Check it as a part of a study, which says what they are.',
    });
  }
  return found;
}

function checkPlates(trial: CheckedTrial, file: CheckedFile): Draft[] {
  const plates = file.plates.filter((plate) => plate.measured === undefined);
  const on_plate = file.plates.filter(({ measured }) => measured === 'on_plate');
  const on_body = file.plates.filter(({ measured }) => measured === 'on_body');
  const found: Draft[] = [];
  if (on_plate.length > 0 && on_body.length > 0) {
    const odd = on_plate.length <= on_body.length ? on_plate : on_body;
    const names = odd.map(({ name }) => name).join(', ');
    found.push({
      id: 'force-inverted',
      severity: 'warning',
      where: placeOf(trial, file, names),
      what: `${names} push${odd.length === 1 ? 'es' : ''} the other way than the other plates of this file: vertical force of opposite sign.`,
      cause: 'A plate is wired, or its sign is set, the other way round.',
      mend: 'genu turns every plate so that the ground pushes the body up. Have the plate mended before other programs use the file.',
    });
  }
  if (plates.length > 0 && plates.length < file.plates.length) {
    found.push({
      id: 'plate-unloaded',
      severity: 'note',
      where: placeOf(trial, file),
      what: `Nobody stepped on ${plates.map(({ name }) => name).join(', ')} (${file.plates.length} plates).`,
      cause: 'The step missed them.',
      mend: 'Nothing to do, unless a step was expected there: then the amplifier was off.',
    });
  }
  return found;
}
