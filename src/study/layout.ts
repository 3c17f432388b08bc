import { GenuError } from '../data/index.js';
import { checkStudy, type LineOf } from './check-study.js';
import { type IntakeWorld, resolveStudy, saysEverything } from './intake/resolve.js';
import { type Study, type StudyFile, studySchema } from './schema.js';

export type { LineOf } from './check-study.js';
export { listStudyFiles, resolveFiles, type TrialFiles } from './trial-files.js';

/**
 * Checks a parsed study file, fills in its defaults, and finds its participants.
 * @param value what the YAML or JSON said
 * @param file name for errors
 * @param world the data, where the study leaves something to them
 * @throws GenuError listing every field that is wrong, with its line, and as `resolveStudy`
 */
export function readStudy(
  value: unknown,
  file: string,
  lineOf: LineOf = () => undefined,
  makeWorld?: (study: StudyFile) => IntakeWorld,
): Study {
  const parsed = studySchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .flatMap((issue) => findInnerIssues(issue as Issue))
      .slice(0, 8)
      .map((issue) => {
        const path = issue.path.filter((part) => typeof part !== 'symbol');
        const line = lineOf(issue.code === 'unrecognized_keys' ? [...path, issue.keys![0]] : path);
        return `${line === undefined ? '' : `line ${line}: `}${path.join('.') || 'the file'}: ${sayIssue(issue)}`;
      });
    throw new GenuError(`the study does not hold: ${issues.join('; ')}.`, {
      where: file,
      mend: 'Every field is described in docs/study.md and, in an editor, by schema/study.schema.json.',
    });
  }
  const study = findEverything(parsed.data, file, makeWorld);
  checkStudy(study, file, lineOf);
  return study;
}

function findEverything(study: StudyFile, file: string, makeWorld?: (study: StudyFile) => IntakeWorld): Study {
  if (saysEverything(study)) return takeSides(study as Study);
  if (!makeWorld) {
    throw new GenuError(
      'the study leaves participants, sides or sizes to its recordings, which are not at hand here.',
      {
        where: file,
        mend: 'Use a command that knows the data root (--data), or write everything into the study.',
      },
    );
  }
  return resolveStudy(study, makeWorld(study));
}

/** The study's side is that of everybody who says none. */
function takeSides(study: Study): Study {
  const side = study.side;
  if (side === undefined || side === 'emg') return study;
  return { ...study, participants: study.participants.map((participant) => ({ side, ...participant })) };
}

interface Issue {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of a value that may be one thing or another, the issues of what it comes nearest to: the one it is wrong in the deepest. */
function findInnerIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || !issue.errors?.length) return [issue];
  const depth = (issues: readonly Issue[]) =>
    Math.min(...issues.map(({ code, path }) => path.length + (code === 'invalid_type' && path.length === 0 ? 0 : 1)));
  const nearest = issue.errors.reduce((best, errors) => (depth(errors) > depth(best) ? errors : best));
  return nearest.flatMap((inner) => findInnerIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

function sayIssue(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys?.map((k) => `"${k}"`).join(', ')}`;
  return issue.message.replace(/^Invalid input: /, '');
}
