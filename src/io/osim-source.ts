import { GenuError, type Vector3 } from '../data/index.js';
import type { XmlElement } from './osim-xml.js';

/**
 * What the parts of the OpenSim reader share: the file's name, its defaults, and the notes they collect.
 * Fields are looked up in the element first and then in the `<defaults>` element of its class, as OpenSim does.
 */
export class OsimSource {
  readonly notes: string[] = [];
  private readonly tally = new Map<string, string[]>();

  constructor(
    readonly where: string,
    readonly version: number,
    private readonly defaults: ReadonlyMap<string, XmlElement>,
  ) {}

  /** The first of `names` that the element, or its class default, has with any content. */
  find(element: XmlElement, ...names: string[]): XmlElement | undefined {
    for (const holder of [element, this.defaults.get(element.name)]) {
      for (const name of names) {
        const child = holder?.children.find((c) => c.name === name);
        if (child !== undefined && (child.text !== '' || child.children.length > 0)) return child;
      }
    }
    return undefined;
  }

  text(element: XmlElement, ...names: string[]): string | undefined {
    return this.find(element, ...names)?.text;
  }

  /** The number in the named field, or `fallback` with a note that counts how often it was missing. */
  number(element: XmlElement, fallback: number, ...names: string[]): number {
    const field = this.find(element, ...names);
    if (field === undefined) {
      this.count(`${element.name} without <${names[0]}>: OpenSim's default ${fallback} is taken`, nameOf(element));
      return fallback;
    }
    return this.numbers(field, 1)[0];
  }

  vector(element: XmlElement, ...names: string[]): Vector3 {
    const field = this.find(element, ...names);
    if (field === undefined) return [0, 0, 0];
    const [x, y, z] = this.numbers(field, 3);
    return [x, y, z];
  }

  boolean(element: XmlElement, fallback: boolean, name: string): boolean {
    const text = this.text(element, name)?.toLowerCase();
    return text === undefined ? fallback : text === 'true';
  }

  /** Space-separated words of the named field; none when it is missing. */
  words(element: XmlElement, ...names: string[]): string[] {
    return splitWords(this.text(element, ...names) ?? '');
  }

  /** The numbers of a field; `count` of them where given. */
  numbers(field: XmlElement, count?: number): number[] {
    const values = splitWords(field.text).map((word) => {
      const value = readNumber(word);
      if (value === undefined) throw this.error(field, `<${field.name}> holds "${word}", which is not a number.`);
      return value;
    });
    if (count !== undefined && values.length !== count) {
      throw this.error(field, `<${field.name}> holds ${values.length} numbers; expected ${count}.`);
    }
    return values;
  }

  error(element: XmlElement, what: string, mend?: string): GenuError {
    return new GenuError(what, { where: this.where, line: element.line, mend });
  }

  /** Collects the names that a sentence is about, so that one note covers them all. */
  count(sentence: string, name: string): void {
    const names = this.tally.get(sentence);
    if (names?.includes(name)) return;
    if (names) names.push(name);
    else this.tally.set(sentence, [name]);
  }

  /** All notes, each collected sentence with its names. */
  writeNotes(): string[] {
    const counted = [...this.tally].map(([sentence, names]) => {
      const most = names.slice(0, 4).join(', ');
      return `${sentence} (${names.length}: ${most}${names.length > 4 ? ', …' : ''}).`;
    });
    return [...this.notes, ...counted];
  }
}

/** The `name` attribute, or the class name of an unnamed element. */
export function nameOf(element: XmlElement): string {
  const name = element.attributes.name?.trim();
  return name === undefined || name === '' ? element.name : name;
}

/** The elements of an OpenSim Set: under `<objects>`, or directly inside. */
export function listObjects(set: XmlElement | undefined): readonly XmlElement[] {
  if (set === undefined) return [];
  return (set.children.find((c) => c.name === 'objects') ?? set).children.filter(
    (c) => c.name !== 'groups' && c.name !== 'objects',
  );
}

/** The last part of a component path: `knee_angle_r` of `/jointset/knee_r/knee_angle_r`. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Infinities become the largest number, which JSON can hold. */
function readNumber(word: string): number | undefined {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(word);
  if (infinite) return infinite[1] === '-' ? -Number.MAX_VALUE : Number.MAX_VALUE;
  const value = Number(word);
  return Number.isFinite(value) ? value : undefined;
}
