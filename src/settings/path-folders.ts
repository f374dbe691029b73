import { normalize } from 'node:path';
import { isWithin } from '../policy/path-rules.ts';
import type { ProtectedName } from '../policy/protected-name.ts';

/** The name of the data that programs of the user's own belong to. */
const PROGRAMS = 'programs';

/** The folders of PATH below the home folder, where shells find programs before those of the system:
 * protected as `programs` are, where those are. What is below the working directory is the
 * project's own, such as `node_modules/.bin`, unless the home folder is. */
export function withPathFolders(
  names: readonly ProtectedName[],
  { home, cwd, path }: { home: string; cwd: string; path: string | undefined },
): ProtectedName[] {
  const programs = names.find(({ name }) => name === PROGRAMS);
  if (!programs || path === undefined) return [...names];
  const isProject = (folder: string) => !isWithin(home, cwd) && isWithin(folder, cwd);
  const folders = foldersOf(path).filter(
    (folder) => folder !== home && isWithin(folder, home) && !isProject(folder),
  );
  if (folders.length === 0) return [...names];
  const paths = folders.map((folder) => literal(folder.slice(home.length + 1)));
  return [...names, { ...programs, paths }];
}

/* Found before the true ones where npm puts a project's folder first, and run without a sandbox. In that
 * folder the native srt does not look for its Node (native/front/find-node.c). */
const STARTED_NEXT = ['srt', 'node'];
const STARTED_FROM_PROJECTS = ['srt'];

/* Where links are on the way is not known here: what is outside of the write roots does no harm. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/opt', '/nix', '/snap'];

/** What a command that may write in `roots` could put into folders of PATH, a project's too, for the next start
 * of srt to find. */
export function startedNext(path: string | undefined, roots: readonly string[]): string[] {
  if (roots.length === 0) return [];
  const isIn = (folders: readonly string[], folder: string) =>
    folders.some((one) => isWithin(folder, one));
  return foldersOf(path ?? '')
    .filter((folder) => !isIn(SYSTEM, folder) || isIn(roots, folder))
    .flatMap((folder) => {
      const names = folder.endsWith('/node_modules/.bin') ? STARTED_FROM_PROJECTS : STARTED_NEXT;
      return names.map((name) => `${folder}/${name}`);
    });
}

function foldersOf(path: string): string[] {
  const folders = path.split(':').filter((folder) => folder.startsWith('/'));
  return [...new Set(folders.map((folder) => normalize(folder).replace(/(?<=.)\/$/, '')))];
}

/** A pattern that means nothing but this path. */
function literal(path: string): string {
  return path.replaceAll(/[\\*?[\]{}]/g, '\\$&');
}
