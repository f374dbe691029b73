import { parseGlob } from './glob.ts';
import type { Policy } from './policy.ts';
import type { ProtectedName } from './protected-name.ts';
import { patternsOf } from './protected-patterns.ts';

/** What may stand in the place of a name that does not exist. */
export interface StandIn {
  kind: 'file' | 'folder';
  /** Of a file. */
  content: string;
}

/** A protected name at a place where a mount can keep it. */
export interface ProtectedPath {
  /** Below a folder as the policy names it. */
  path: string;
  name: ProtectedName;
  /** Whether a folder of that name is none of it. */
  filesOnly: boolean;
  standIn: StandIn;
}

/** The protected names without wildcards, counted from each write root and from the home folders:
 * a mount is for one path, and nothing looks for others in the tree. `folder/*` is the folder,
 * with what is an exception in it. */
export function protectedPaths({ paths, protectedNames, homes }: Policy): ProtectedPath[] {
  const roots = paths.filter(({ list }) => list === 'allowWrite').map(({ path }) => path);
  return protectedNames.flatMap((name) =>
    patternsOf(name).flatMap(({ kind, text }): ProtectedPath[] => {
      const below = kind === 'except' ? null : literalPath(text);
      if (below === null) return [];
      const filesOnly = kind === 'files';
      const isFolder = filesOnly || below.isWhole || FOLDERS.has(below.last);
      const standIn = isFolder ? FOLDER : { kind: 'file' as const, content: contentOf(below.last) };
      return (name.within === 'home' ? homes : roots).map((folder) => ({
        path: `${folder === '/' ? '' : folder}/${below.path}`,
        name,
        filesOnly,
        standIn,
      }));
    }),
  );
}

/** Those that protectedPaths leaves out. */
export function protectedWildcards({ protectedNames }: Policy): { name: string; what: string }[] {
  return protectedNames.flatMap((protectedName) =>
    patternsOf(protectedName).flatMap(({ kind, text }) =>
      kind !== 'except' && literalPath(text) === null
        ? [{ name: protectedName.name, what: text }]
        : [],
    ),
  );
}

/** Null where it is no single path. `isWhole`: what is meant is all that the folder holds. A file has
 * its name as the text spells it, not as names are compared. */
function literalPath(text: string): { path: string; last: string; isWhole: boolean } | null {
  const parsed = parseGlob(text);
  const segments = 'problem' in parsed ? [] : (parsed[0] ?? []);
  const last = segments.at(-1);
  const isWhole =
    last?.type === 'pattern' && last.parts.length === 1 && last.parts[0]?.type === 'any';
  const literal = isWhole ? segments.slice(0, -1) : segments;
  const names = literal.flatMap((segment) => (segment.type === 'name' ? [segment.name] : []));
  const end = names.at(-1);
  if (end === undefined || names.length < literal.length) return null;
  return { path: names.join('/'), last: end, isWhole };
}

const FOLDER: StandIn = { kind: 'folder', content: '' };

/** Empty, but for what programs cannot read when it is: JSON, and the file by which git finds what
 * worktrees have in common, of which git dies. */
function contentOf(name: string): string {
  if (name === 'commondir') return '.\n';
  return name.endsWith('.json') ? '{}\n' : '';
}

/** Last names that programs expect to be folders. */
export const FOLDERS: ReadonlySet<string> = new Set([
  ...[
    '.vscode',
    '.theia',
    '.idea',
    '.fleet',
    '.devcontainer',
    '.idx',
    '.nvim',
    '.vim',
    '.vs',
    '.zed',
  ],
  ...['.externalToolBuilders', '.helix', '.lapce', '.nova', '.shadowenv.d', '.profile.d'],
  ...['.git-hooks', '.githooks', '.husky', '.ssh', '.gnupg', '.password-store', '.pki'],
  ...['agents', 'commands', 'extensions', 'hooks', 'plugins', 'prompts', 'skills', 'workflows'],
]);
