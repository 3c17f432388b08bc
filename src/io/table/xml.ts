import { Parser } from 'saxen';
import { refuseDamage } from './zip.js';

export interface XmlHandlers {
  /** `attributes` are read only when called for. */
  open(name: string, attributes: () => Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/**
 * Walks over the elements of one part of a workbook, by names without their prefix. Nothing in a document type is ever expanded.
 * @throws GenuError when it is not well-formed
 */
export function walkXml(bytes: Uint8Array, part: string, where: string, handlers: XmlHandlers): void {
  const parser = new Parser();
  const damaged = (error: Error) => {
    throw refuseDamage(where, `${part} is not well-formed (${error.message})`);
  };
  const bare = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('error', damaged);
  parser.on('warn', damaged);
  parser.on('openTag', (name, attributes, decode) => handlers.open(bare(name), () => decodeAll(attributes(), decode)));
  if (handlers.close) parser.on('closeTag', (name) => handlers.close!(bare(name)));
  if (handlers.text) {
    parser.on('text', (text, decode) => handlers.text!(text.includes('&') ? decode(text) : text));
    parser.on('cdata', (text) => handlers.text!(text));
  }
  parser.parse(new TextDecoder(findEncoding(bytes)).decode(bytes));
}

/** saxen hands attributes over as they are written. */
function decodeAll(attributes: Record<string, string>, decode: (text: string) => string): Record<string, string> {
  for (const name in attributes) {
    if (attributes[name].includes('&')) attributes[name] = decode(attributes[name]);
  }
  return attributes;
}

function findEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
