/** Names in a note, the first few of many. */
export function listSome(names: readonly string[], most = 8): string {
  const rest = names.length - most;
  return names.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/**
 * Makes labels into names that differ: those that are missing or blank are called `stem` and their number, and the second `x` becomes `x#2`.
 * A subject's name in front (`Anna:LASI`) goes where all labels that have one share it.
 * @param count how many names are needed
 */
export function makeNames(labels: readonly string[], count: number, stem: string, notes: string[]): string[] {
  const given = Array.from({ length: count }, (_, i) => (labels[i] ?? '').trim());
  const blank = given.filter((label) => label === '').length;
  if (blank > 0) notes.push(`${blank} of ${count} ${stem} labels are missing; they are called by their number.`);
  if (labels.length > count) {
    const more = labels.slice(count).filter((label) => label.trim() !== '').length;
    if (more > 0) notes.push(`There are ${more} more ${stem} labels than ${stem} data; they were left out.`);
  }
  const subjects = new Set(given.flatMap((label) => /^([^:]+):/.exec(label)?.[1] ?? []));
  const [subject] = subjects;
  if (subjects.size === 1) notes.push(`The subject's name "${subject}:" was taken off the ${stem} labels.`);
  const short = given.map((label, i) => {
    if (label === '') return `${stem}${i + 1}`;
    return subjects.size === 1 && label.startsWith(`${subject}:`) ? label.slice(subject.length + 1) : label;
  });
  const seen = new Set<string>();
  const next = new Map<string, number>();
  const repeated = new Set<string>();
  const names = short.map((label) => {
    let name = label;
    for (let number = next.get(label) ?? 2; seen.has(name); number++) {
      repeated.add(label);
      name = `${label}#${number}`;
      next.set(label, number + 1);
    }
    seen.add(name);
    return name;
  });
  if (repeated.size > 0) {
    const list = [...repeated];
    notes.push(
      `More than one ${stem} is labelled ${listSome(list)}; the second one is called "${list[0]}#2", and so on.`,
    );
  }
  return names;
}
