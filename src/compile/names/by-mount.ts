import type { HostFacts } from '../../host/facts.ts';
import { isWithin, type PathRule } from '../../policy/path-rules.ts';
import type { Policy } from '../../policy/policy.ts';
import {
  type ProtectedPath,
  protectedPaths,
  protectedWildcards,
  type StandIn,
} from '../../policy/protected-paths.ts';
import { unenforceable } from '../unenforceable.ts';

export interface NamesByMount {
  /** Protected names as rules of denyWrite, by the paths that `facts` knows. */
  rules: PathRule[];
  /** What may stand in the place of each, by the same paths. */
  standIns: Map<string, StandIn>;
  /** The patterns that are kept nowhere. */
  unkept: { name: string; what: string }[];
  notices: string[];
}

type Facts = Pick<HostFacts, 'paths' | 'emptyFolders'>;

/** What mounts keep of the protected names. Throws SRT_COMPILE_UNENFORCEABLE for patterns, and for
 * write roots inside of a protected name. */
export function namesByMount(policy: Policy, facts: Facts): NamesByMount {
  for (const pattern of policy.patterns)
    if (pattern.list === 'allowWrite' || pattern.list === 'denyWrite')
      throw unenforceable(
        pattern,
        'is a pattern, which filesystem.names "mount" cannot keep',
        'name the paths one by one, or leave filesystem.names at "mediate"',
      );
  const roots = writeRoots(policy.paths, facts.paths);
  const known = protectedPaths(policy);
  const rules = known.flatMap((protectedPath) => keptByMount(protectedPath, facts, roots));
  const standIns = new Map<string, StandIn>();
  /* A name that is both has to be a folder, for what is protected in it. */
  for (const { path, standIn } of known)
    if (standIns.get(path)?.kind !== 'folder') standIns.set(path, standIn);
  const notices =
    roots.length === 0 || policy.protectedNames.length === 0
      ? []
      : [
          'filesystem.names is "mount": protected names are kept where they lie right in a folder of allowWrite, or in one that is there; deeper in it they can be made and changed',
        ];
  return { rules, standIns, unkept: protectedWildcards(policy), notices };
}

function writeRoots(rules: readonly PathRule[], facts: Facts['paths']): string[] {
  return rules.flatMap(({ list, path }) => {
    const fact = facts.get(path);
    return list === 'allowWrite' && fact && 'real' in fact ? [fact.real] : [];
  });
}

function keptByMount(
  { path, name, filesOnly }: ProtectedPath,
  { paths: facts, emptyFolders }: Facts,
  roots: readonly string[],
): PathRule[] {
  const source = { setting: 'filesystem.protect', typed: name.name, where: null };
  const rule: PathRule = { list: 'denyWrite', path, source };
  const fact = facts.get(path);
  if (!fact) throw new Error(`no fact about ${path}`);
  /* Where something that is no folder stands in its way, it is not there. */
  if (fact.kind === 'unreachable') return fact.errno === 'ENOTDIR' ? [] : [rule];
  const isWritable = (at: string) => roots.some((root) => isWithin(at, root));
  /* Whatever it leads to: it is the link that could be replaced, which is refused. */
  if (fact.links.some(isWritable)) return [rule];
  if (!isWritable(fact.real)) return [];
  /* With nothing in it, it may be what stands in for it, also that of another sandbox. */
  if (filesOnly && fact.kind === 'directory' && !emptyFolders.has(fact.real)) return [];
  if (roots.includes(fact.real)) return [];
  const inside = roots.find((root) => isWithin(root, fact.real));
  if (inside !== undefined)
    throw unenforceable(
      rule,
      `would cover ${JSON.stringify(inside)}, which filesystem.allowWrite names`,
      'turn it off in filesystem.protect.off, or leave filesystem.names at "mediate"',
    );
  return [rule];
}
