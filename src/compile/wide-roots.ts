import { isWithin, type PathRule } from '../policy/path-rules.ts';
import { describeSource } from '../policy/source.ts';

/** A line for each write root that has a home folder in it, as `.` does where a client starts its
 * servers in / or in the home folder. Rules and homes without symbolic links. */
export function warnOfWideRoots(rules: readonly PathRule[], homes: readonly string[]): string[] {
  return rules.flatMap(({ list, path, source }) => {
    if (list !== 'allowWrite' || !homes.some((home) => isWithin(home, path))) return [];
    const what = path === '/' ? 'the whole file system' : 'the home folder';
    return [`${describeSource(source)} makes ${what} writable; name smaller folders`];
  });
}
