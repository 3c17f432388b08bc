import { isNode, LineCounter, parseDocument } from 'yaml';
import { GenuError } from '../../data/index.js';
import { type LineOf, readStudy, type Study } from '../../study/index.js';
import { readBytes } from './files.js';

/** Reads and checks a study file; errors name its lines. */
export function readStudyFile(path: string): Study {
  const lines = new LineCounter();
  const document = parseDocument(new TextDecoder().decode(readBytes(path)), { lineCounter: lines, uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    throw new GenuError(`this is not valid YAML: ${error.message.split('\n')[0]}.`, {
      where: path,
      line: error.linePos?.[0].line,
    });
  }
  const lineOf: LineOf = (fields) => {
    for (let depth = fields.length; depth >= 0; depth--) {
      const node = document.getIn(fields.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  return readStudy(document.toJS(), path, lineOf);
}
