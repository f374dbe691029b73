/* What a profile allows at a path, in a word, for tables of what names and patterns say. */
import { parseGlob, type Segment } from '../../../../src/policy/glob.ts';
import type { PathPattern, PathRule } from '../../../../src/policy/path-rules.ts';
import { allows, type Profile, READINGS, readProfile } from '../../../support/seatbelt/evaluate.ts';
import { compileFor, type Given } from './mac.ts';

export const HOME = '/Users/me';
export const PROJECT = `${HOME}/project`;
export const TMP = '/private/tmp/own';

export const ALL = 'rwfFdDlL';
export const READ = 'r';
/** A folder that names lead through: a file of that name is one like others. */
export const PASSAGE = 'rwfF';

export function patterns(list: PathPattern['list'], base: string, text: string): PathPattern[] {
  const parsed = parseGlob(text) as Segment[][];
  const source = { setting: `filesystem.${list}`, typed: text, where: 'settings.json:1:1' };
  return parsed.map((rest) => ({ list, base, rest, source }));
}

export function profileFor(rules: readonly PathRule[], given: Given = {}): Profile {
  return readProfile(compileFor(rules, { temporary: TMP, ...given }).text);
}

/** What of r(ead), w(rite), and making and removing f(iles, F), d(irectories, D) and l(inks, L) is
 * allowed at a path. */
export function rights(profile: Profile, path: string): string {
  const made = { f: 'REGULAR-FILE', d: 'DIRECTORY', l: 'SYMLINK' };
  const requests: [string, string, string][] = [
    ['r', 'file-read-data', 'REGULAR-FILE'],
    ['w', 'file-write-data', 'REGULAR-FILE'],
    ...Object.entries(made).flatMap(([letter, type]): [string, string, string][] => [
      [letter, 'file-write-create', type],
      [letter.toUpperCase(), 'file-write-unlink', type],
    ]),
  ];
  const [first, ...others] = READINGS.map((reading) =>
    requests
      .filter(([, operation, vnodeType]) =>
        allows(profile, { operation, path, vnodeType }, reading),
      )
      .map(([letter]) => letter)
      .join(''),
  );
  for (const other of others) expect(other).toBe(first);
  return first ?? '';
}

/** The rights at each of the paths of a table; relative ones are in the project. */
export function rightsAt(
  profile: Profile,
  expected: Readonly<Record<string, string>>,
): Record<string, string> {
  const at = (path: string) => (path.startsWith('/') ? path : `${PROJECT}/${path}`);
  return Object.fromEntries(Object.keys(expected).map((path) => [path, rights(profile, at(path))]));
}
