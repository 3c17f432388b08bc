import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { GenuError } from '../data/index.js';

/** One XML element: its children in file order, its own text, and the line it starts on. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
}

/** Deeper than any OpenSim model (about 20 levels), shallow enough that nothing overflows. */
const MAX_DEPTH = 100;

type OrderedNode = Record<string, unknown> & { ':@'?: Record<string, string> };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  captureMetaData: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
});

/**
 * Reads XML into a tree that keeps element order and line numbers.
 * Document type declarations are refused, so no entity can expand.
 * @throws GenuError naming the line of malformed XML
 */
export function readXml(bytes: Uint8Array | string, where: string): XmlElement {
  const text = typeof bytes === 'string' ? bytes.replace(/^\uFEFF/, '') : decodeXml(bytes, where);
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    // The parser lists every element that is still open; the first ones tell.
    const why = valid.err.msg.replace(/\s+/g, ' ');
    throw new GenuError(`this is not well-formed XML: ${why.length > 200 ? `${why.slice(0, 200)}…` : why}`, {
      where,
      line: valid.err.line,
      mend: 'Copy or export the model again.',
    });
  }
  const lines = findLineStarts(text);
  if (/<!DOCTYPE/i.test(text.replace(/<!--[\s\S]*?-->/g, ''))) {
    throw new GenuError('the file declares a document type, which OpenSim files do not have.', {
      where,
      line: findLine(lines, text.search(/<!DOCTYPE/i)),
      mend: 'Remove the <!DOCTYPE …> declaration.',
    });
  }
  let nodes: OrderedNode[];
  try {
    nodes = parser.parse(text) as OrderedNode[];
  } catch (error) {
    throw new GenuError(`the XML cannot be read: ${error instanceof Error ? error.message : String(error)}.`, {
      where,
    });
  }
  const roots = convertNodes(nodes, lines).children;
  if (roots.length !== 1) throw new GenuError(`expected one root element, found ${roots.length}.`, { where });
  return roots[0];
}

function decodeXml(bytes: Uint8Array, where: string): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const utf16 = head.startsWith('\xff\xfe') ? 'utf-16le' : head.startsWith('\xfe\xff') ? 'utf-16be' : undefined;
  const label = utf16 ?? /^[^<]*<\?xml[^>]*encoding=["']([\w.:-]+)["']/.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    throw new GenuError(`the text encoding "${label}" is not known.`, { where, line: 1, mend: 'Save it as UTF-8.' });
  }
}

function convertNodes(nodes: readonly OrderedNode[], lines: readonly number[]) {
  const children: XmlElement[] = [];
  let text = '';
  for (const node of nodes) {
    if ('#text' in node) {
      text += String(node['#text']);
      continue;
    }
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined) continue;
    const metadata = (node as unknown as Record<symbol, { startIndex?: number } | undefined>)[
      XMLParser.getMetaDataSymbol() as unknown as symbol
    ];
    const inner = convertNodes(node[name] as OrderedNode[], lines);
    children.push({
      name,
      attributes: node[':@'] ?? {},
      children: inner.children,
      text: inner.text.trim(),
      line: findLine(lines, metadata?.startIndex ?? 0),
    });
  }
  return { children, text };
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** 1-based line that holds the character at `index`. */
function findLine(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= index) low = middle;
    else high = middle;
  }
  return low + 1;
}
