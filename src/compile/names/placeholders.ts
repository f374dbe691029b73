import { basename, dirname, join } from 'node:path';
import type { HostFacts } from '../../host/facts.ts';
import type { Identity } from '../../host/paths.ts';
import { decideAccess, isWithin, type PathRule } from '../../policy/path-rules.ts';
import type { StandIn } from '../../policy/protected-paths.ts';
import { refuseReplaceableLinks, unenforceable } from '../unenforceable.ts';

/** A name that does not exist, and what is to stand in its place. */
export interface Placeholder extends StandIn {
  name: string;
}

/** A folder of the host's with names that must be there, for mounts to lie on. */
export interface PlaceholderFolder {
  /** Without symbolic links. */
  path: string;
  /** null where nothing is made and the folder was not looked at. */
  identity: Identity | null;
  /** All of them: others may have made them, and must not remove them. */
  uses: readonly string[];
  missing: readonly Placeholder[];
}

export interface PlannedPlaceholders {
  folders: PlaceholderFolder[];
  /** Protected names at paths whose folder does not exist, which the command can make. */
  unkept: { name: string; what: string }[];
}

/** The names that have to be there, folder by folder. Throws SRT_COMPILE_UNENFORCEABLE for links on
 * the way to a rule's path that the command could replace, and for a rule of the settings whose path
 * would have to be made with folders above it. `rules` are those that exist, by real path; `standIns`
 * says what fits in the place of a rule's path; else it is an empty file, or a folder for `name/`. */
export function planPlaceholders(
  listed: readonly PathRule[],
  rules: readonly PathRule[],
  { paths: facts, identities }: Pick<HostFacts, 'paths' | 'identities'>,
  standIns: ReadonlyMap<string, StandIn>,
): PlannedPlaceholders {
  const isWritable = (path: string) => decideAccess(rules, path) === 'read-write';
  const folders = new Map<string, FolderNames>();
  const orphans: PathRule[] = [];
  for (const rule of listed) {
    const fact = facts.get(rule.path);
    if (!fact || fact.kind === 'unreachable') continue;
    refuseReplaceableLinks(rule, fact.links, isWritable);
    if (rule.list !== 'denyWrite' && !isUsersDenial(rule)) continue;
    const parent = dirname(fact.real);
    if (fact.kind === 'missing' ? !isWritable(fact.real) : !isWritable(parent)) continue;
    const name = basename(fact.real);
    if (fact.kind === 'missing' && !identities.has(parent)) {
      orphans.push({ ...rule, path: fact.real });
      continue;
    }
    const folder = folders.get(parent) ?? { uses: new Set(), missing: new Map() };
    folders.set(parent, folder);
    folder.uses.add(name);
    if (fact.kind !== 'missing') continue;
    refuseOwnFile(rule);
    if (folder.missing.get(name)?.kind === 'folder') continue;
    const kind = rule.source.typed.endsWith('/') ? 'folder' : 'file';
    folder.missing.set(name, { name, ...(standIns.get(rule.path) ?? { kind, content: '' }) });
  }
  const planned = [...folders].map(([path, { uses, missing }]) => ({
    path,
    identity: identities.get(path) ?? null,
    uses: [...uses],
    missing: [...missing.values()],
  }));
  return { folders: planned, unkept: withoutFolder(orphans, planned).map(nameOrRefuse) };
}

interface FolderNames {
  uses: Set<string>;
  missing: Map<string, Placeholder>;
}

/** Those that are not below a placeholder, in which nothing can be made. */
function withoutFolder(
  orphans: readonly PathRule[],
  planned: readonly PlaceholderFolder[],
): PathRule[] {
  const made = planned.flatMap(({ path, missing }) => missing.map(({ name }) => join(path, name)));
  return orphans.filter(({ path }) => !made.some((above) => isWithin(path, above)));
}

function nameOrRefuse(rule: PathRule): { name: string; what: string } {
  if (isProtectedName(rule)) return { name: rule.source.typed, what: rule.path };
  throw unenforceable(
    rule,
    `lies in ${JSON.stringify(dirname(rule.path))}, which does not exist, and filesystem.names is "mount"`,
    'make that folder, or leave filesystem.names at "mediate"',
  );
}

/** An empty file in the place of srt's settings, or of another that srt reads, would be taken for it. */
function refuseOwnFile(rule: PathRule): void {
  if (rule.source.where !== null || isProtectedName(rule)) return;
  throw unenforceable(
    rule,
    'does not exist inside a writable folder, and filesystem.names is "mount"',
    'create it, make a smaller folder writable, or leave filesystem.names at "mediate"',
  );
}

/** What is missing would be readable as soon as somebody writes it. Credential stores that srt denies
 * on its own have no placeholders: programs take an empty one for theirs. */
function isUsersDenial({ list, source }: PathRule): boolean {
  return list === 'denyRead' && source.where !== null;
}

function isProtectedName({ source }: PathRule): boolean {
  return source.setting === 'filesystem.protect';
}
