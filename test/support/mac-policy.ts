/* What the policy says of each path where patterns and names are asked about every path, and where
 * the two ends of a rename are judged apart: what a Seatbelt profile has to say. Put together from
 * src/policy/ rule by rule; no expression is made of anything. */
import type { NamedRules } from '../../src/compile/seatbelt/resolve-patterns.ts';
import { type Changed, decideChange } from '../../src/policy/change-decision.ts';
import { isOpen } from '../../src/policy/change-rules.ts';
import { foldName } from '../../src/policy/fold.ts';
import { carriedTo, passageTo } from '../../src/policy/judged-apart.ts';
import { decideAccess, isWithin, type PathRule } from '../../src/policy/path-rules.ts';
import { mayRead } from '../../src/policy/reading-decision.ts';
import { hasUnseen } from '../../src/policy/unseen.ts';

export const TYPES = ['REGULAR-FILE', 'DIRECTORY', 'SYMLINK'] as const;
export type VnodeType = (typeof TYPES)[number];

const KINDS: Readonly<Record<VnodeType, Changed>> = {
  'REGULAR-FILE': 'file',
  DIRECTORY: 'folder',
  SYMLINK: 'link',
};

/** `rules` by canonical path. */
export function macPolicy(
  rules: readonly PathRule[],
  { changes, denying, reading, opened }: NamedRules,
) {
  const all = [...rules, ...opened];
  const isWritable = (path: string) => decideAccess(all, path) === 'read-write';
  const hiding = denying.filter(({ list }) => list === 'denyRead');
  const ofHome = changes.protectedNames.some(({ within }) => within === 'home');
  const fixed = [
    ...changes.points.filter(isOpen).map(({ path }) => path),
    ...[...changes.patterns, ...denying].map(({ base }) => base),
    ...(ofHome ? changes.homes : []),
  ].filter(isWritable);
  const closed = all.map(({ path }) => path).filter((path) => !isWritable(path));
  const around = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

  const shows = (path: string) =>
    mayRead({ paths: rules, patterns: reading }, path) && !carriedTo(changes, hiding, path);
  const changesAllowed = (path: string, type: VnodeType) =>
    isWritable(path) &&
    shows(path) &&
    decideChange(changes, path, KINDS[type]).allowed &&
    !carriedTo(changes, denying, path);
  /** Leads to something that must not move. */
  const isPinned = (path: string) =>
    !isWritable(around(path)) || [...fixed, ...closed].some((other) => isWithin(other, path));
  const moves = (path: string, type: VnodeType) =>
    path !== '/' &&
    changesAllowed(path, type) &&
    !isPinned(path) &&
    (type === 'REGULAR-FILE' || passageTo(changes, denying, path) === null);
  /** The same name as one that must not be made, for a volume that ignores case. */
  const isAnotherCase = (path: string) => {
    const folded = path.split('/').map(foldName).join('/');
    const inside = [...fixed, ...closed].filter((other) => isWritable(around(other)));
    return inside.some((other) => {
      const named = other.split('/').map(foldName).join('/');
      return isWithin(named, folded);
    });
  };
  return {
    shows,
    changes: changesAllowed,
    removes: moves,
    makes: (path: string, type: VnodeType) =>
      moves(path, type) &&
      !isAnotherCase(path) &&
      !hasUnseen(path.slice(path.lastIndexOf('/') + 1)),
  };
}
