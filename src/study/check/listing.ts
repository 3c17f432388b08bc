import { countFindings, type Finding, sortFindings } from './finding.js';

const width = 110;

/** Findings for a terminal: by participant, most severe first, with the lines that mend them. */
export function writeFindings(findings: readonly Finding[], path: string): string {
  const { error, warning, note } = countFindings(findings);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const summary = `${path}: ${count(error, 'error')}, ${count(warning, 'warning')}, ${count(note, 'note')}.`;
  const groups = groupByParticipant(findings);
  return [
    ...groups.flatMap(([participant, own]) => [
      ...(participant === '' ? [] : [participant, '─'.repeat(participant.length)]),
      ...joinAlike(own).flatMap(writeFinding),
    ]),
    summary,
  ].join('\n');
}

/** In the order of first mention; what is of no participant comes first. */
export function groupByParticipant(findings: readonly Finding[]): (readonly [string, Finding[]])[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = finding.where.participant ?? '';
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups]
    .sort(([a], [b]) => (a === '' ? -1 : b === '' ? 1 : 0))
    .map(([participant, own]) => [participant, sortFindings(own)]);
}

/** Findings of one kind, sentence for sentence alike but for the trial, said once. */
function joinAlike(findings: readonly Finding[]): (Finding & { places: string[] })[] {
  const joined = new Map<string, Finding & { places: string[] }>();
  for (const finding of findings) {
    const { trial, file, channel } = finding.where;
    const place = [trial ?? file, channel].filter((part) => part !== undefined).join(', ');
    const key = JSON.stringify([finding.id, finding.severity, finding.what, finding.yaml]);
    const known = joined.get(key);
    if (known) known.places.push(place);
    else joined.set(key, { ...finding, places: [place] });
  }
  return [...joined.values()];
}

function writeFinding(finding: Finding & { places: string[] }): string[] {
  const { severity, id, places, what, cause, mend, yaml, mended_by } = finding;
  const tag = mended_by === undefined ? severity : 'mended';
  const body =
    mended_by === undefined ? [what, `Likely cause: ${cause}`, mend] : [what, `Taken care of by ${mended_by}.`];
  return [
    `${tag.padEnd(7)}  ${id}${places.join('') === '' ? '' : `  [${[...new Set(places)].join('; ')}]`}`,
    ...body.flatMap((sentence) => wrap(sentence, '         ')),
    ...(yaml === undefined ? [] : ['         study.yaml:', ...yaml.split('\n').map((line) => `           ${line}`)]),
    '',
  ];
}

function wrap(text: string, indent: string): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + line.length + word.length + 1 > width) {
        lines.push(indent + line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, indent + line];
  });
}
