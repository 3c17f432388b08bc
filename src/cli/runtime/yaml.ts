import { dirname } from 'node:path';
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { GenuError } from '../../data/index.js';
import { type LineOf, readStudy, type Study } from '../../study/index.js';
import { readBytes } from './files.js';
import { makeIntakeWorld } from './intake.js';

/**
 * Reads and checks a study file; errors name its lines.
 * @param root data root, where the study finds what it leaves to its recordings
 */
export function readStudyFile(path: string, root: string = dirname(path)): Study {
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
    for (let depth = fields.length; depth > 0; depth--) {
      const node = findField(document.getIn(fields.slice(0, depth - 1), true), fields[depth - 1]);
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  return readStudy(resolveAliases(document, path), path, lineOf, (study) => makeIntakeWorld(study, root));
}

/** The plain value of a document. @throws GenuError for aliases that name no anchor, or that would grow beyond all measure */
function resolveAliases(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new GenuError(`its aliases (*name) cannot be resolved: ${error instanceof Error ? error.message : error}.`, {
      where: path,
      mend: 'Write out what they stand for.',
    });
  }
}

/** Where a field begins: its name in a map, as its value may stand on the next line, or its place in a list. */
function findField(parent: unknown, field: string | number): Node | undefined {
  const found = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === field)?.key
    : isSeq(parent)
      ? parent.items[Number(field)]
      : undefined;
  return isNode(found) ? found : undefined;
}
