import { readdirSync, realpathSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { GenuError } from '../../data/index.js';
import { findPlainParameter, type TableDeclaration } from '../../io/index.js';
import { getTable, type IntakeWorld, type StudyFile } from '../../study/index.js';
import { readBytes, sayFileError } from './files.js';
import { readC3dContent, readRecording } from './recordings.js';

/** A folder with more files than this is no data root but somebody's whole disk. */
const mostFiles = 200_000;

/** What a study may look at before it runs: the files under its data root. Nothing is read before it is asked for. */
export function makeIntakeWorld(study: StudyFile, root: string): IntakeWorld {
  let listing: readonly string[] | undefined;
  // Parameters and samples of one file are asked for one after the other.
  let last: { file: string; content: ReturnType<typeof readC3dContent> } | undefined;
  const readC3d = (file: string) => {
    if (last?.file !== file) {
      const path = join(root, file);
      last = { file, content: readC3dContent(readBytes(path), path, { unit: study.motion.unit }) };
    }
    return last.content;
  };
  const isC3d = (file: string) => extname(file).toLowerCase() === '.c3d';
  return {
    listFiles() {
      listing ??= listFiles(root);
      return listing;
    },
    findParameter: (file, group, name) =>
      isC3d(file) ? findPlainParameter(readC3d(file).parameters, group, name) : undefined,
    readRecording(file, role, names) {
      if (isC3d(file)) return readC3d(file).recording;
      const path = join(root, file);
      return readRecording(readBytes(path), path, {
        ...(role === 'motion' ? { unit: study.motion.unit } : {}),
        table: getTable(study, role, names) as TableDeclaration | undefined,
      });
    },
  };
}

/** Every file under a folder, relative to it, with `/`, sorted by name. Links are followed, but no folder is entered twice. */
function listFiles(root: string): string[] {
  const files: string[] = [];
  const seen = new Set<string>();
  const visit = (folder: string) => {
    const path = join(root, folder);
    const real = realpathSync(path);
    if (seen.has(real)) return;
    seen.add(real);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && leadsToFolder(join(root, name)));
      if (isFolder) visit(name);
      else files.push(name);
      if (files.length > mostFiles) {
        throw new GenuError(`there are more than ${mostFiles} files under this folder.`, {
          where: root,
          mend: 'Name the folder of the recordings with --data.',
        });
      }
    }
  };
  try {
    visit('');
  } catch (error) {
    throw error instanceof GenuError ? error : sayFileError(error, root);
  }
  return files.sort();
}

function leadsToFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
