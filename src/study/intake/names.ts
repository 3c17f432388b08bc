import { GenuError } from '../../data/index.js';

/** What the braces of a file's or sheet's name stand for. */
export interface TrialNames {
  readonly participant: string;
  readonly trial: string;
  readonly activity: string;
}

/**
 * Fills in {participant}, {trial} and {activity}.
 * @param where the study's file, for errors
 * @throws GenuError for any other name in braces
 */
export function fillNames(template: string, names: TrialNames, where?: string): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => {
    const value = Object.hasOwn(names, key) ? names[key as keyof TrialNames] : undefined;
    if (value === undefined) {
      throw new GenuError(`the file name "${template}" has ${whole}.`, {
        where,
        mend: 'Only {participant}, {trial} and {activity} are filled in.',
      });
    }
    return value;
  });
}

/** Whether a path leaves a part of a name open. */
export const hasWildcard = (path: string): boolean => path.includes('*');

/**
 * The paths that fit a pattern, in their order. `*` stands for any part of one file or folder name, perhaps none of it; names that begin
 * with a dot are hidden and only fit a pattern that does.
 */
export function findMatches(pattern: string, paths: readonly string[]): string[] {
  const parts = pattern.split('/').map((part) => {
    const source = part
      .split('*')
      .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^/]*');
    return `${part.startsWith('*') ? '(?!\\.)' : ''}${source}`;
  });
  const fits = new RegExp(`^${parts.join('/')}$`);
  return paths.filter((path) => fits.test(path));
}
