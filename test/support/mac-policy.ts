/* What the policy says of each path where patterns and names are asked about every path, and where
 * the two ends of a rename are judged apart; and what a Seatbelt profile has to say, which is as much
 * or less, by what src/policy/ says of expressions. Put together rule by rule; no expression is made
 * of anything here. */
import type { NamedRules } from '../../src/compile/seatbelt/resolve-patterns.ts';
import { type Changed, decideChange } from '../../src/policy/change-decision.ts';
import { isOpen } from '../../src/policy/change-rules.ts';
import { matchesPath } from '../../src/policy/glob.ts';
import { walk } from '../../src/policy/glob-walk.ts';
import { carriedTo, deniedBy, openedThrough, passageTo } from '../../src/policy/judged-apart.ts';
import { FOLDED, type NameComparison } from '../../src/policy/name-comparison.ts';
import { allowing, pathNames } from '../../src/policy/path-names.ts';
import {
  decideAccess,
  isWithin,
  mostSpecific,
  type PathPattern,
  type PathRule,
} from '../../src/policy/path-rules.ts';
import { protectedApart } from '../../src/policy/protected-apart.ts';
import { givesWay, hiddenBy, mayRead } from '../../src/policy/reading-decision.ts';
import { hasUnseen } from '../../src/policy/unseen.ts';

export const TYPES = ['REGULAR-FILE', 'DIRECTORY', 'SYMLINK'] as const;
export type VnodeType = (typeof TYPES)[number];

const KINDS: Readonly<Record<VnodeType, Changed>> = {
  'REGULAR-FILE': 'file',
  DIRECTORY: 'folder',
  SYMLINK: 'link',
};

export interface MacPolicy {
  /** Whether it can be read, run and mapped. */
  shows(path: string): boolean;
  /** Whether it can be asked what it is. */
  looksUp(path: string, type: VnodeType): boolean;
  changes(path: string, type: VnodeType): boolean;
  removes(path: string, type: VnodeType): boolean;
  makes(path: string, type: VnodeType): boolean;
}

const around = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/';

/** `rules` by canonical path. Without `compared` it is the policy, with it what a profile says, whose
 * expressions compare names so. */
export function macPolicy(
  rules: readonly PathRule[],
  { changes, denying: all, reading, opened }: NamedRules,
  compared?: NameComparison,
): MacPolicy {
  const known = [...rules, ...opened];
  const given = { paths: rules, patterns: reading };
  const isWritable = (path: string) => decideAccess(known, path) === 'read-write';
  const hiding = all.filter(({ list }) => list === 'denyRead');
  const keeping = all.filter(({ list }) => list === 'denyWrite');
  const ofHome = changes.protectedNames.some(({ within }) => within === 'home');
  const fixed = [
    ...changes.points.filter(isOpen).map(({ path }) => path),
    ...[...changes.patterns, ...all].map(({ base }) => base),
    ...(ofHome ? changes.homes : []),
  ].filter(isWritable);
  const closed = known.map(({ path }) => path).filter((path) => !isWritable(path));
  const isShown = (path: string, by: NameComparison) =>
    mayRead(given, path, by) && !carriedTo(changes, hiding, path, by);
  const shows = (path: string) =>
    isShown(path, FOLDED) && (compared === undefined || isShown(path, compared));

  const looksUp = (path: string, type: VnodeType) => {
    if (shows(path)) return true;
    const shown = [
      ...known.filter((rule) => rule.path !== path && mayRead(given, rule.path)),
      ...reading.filter(({ list }) => list === 'allowRead').map(({ base }) => ({ path: base })),
    ];
    if (!mayRead(given, path) && shown.some((rule) => isWithin(rule.path, path))) return true;
    const by = compared ?? FOLDED;
    const hidden = hiddenBy(given, path, by);
    if (type !== 'DIRECTORY' || (hidden && 'rest' in hidden)) return false;
    if (carriedTo(changes, hiding, path, by)) return false;
    return reading.some((pattern) => leads({ rules, pattern, path, compared: by }));
  };

  /** As a rule with expressions has it. */
  const changesBy = (by: NameComparison, path: string, type: VnodeType) => {
    const opens = ({ base, rest }: PathPattern) =>
      walk(rest, pathNames(path, base, null), allowing(by)).complete.length > 0;
    const zones = changes.patterns.filter(
      ({ list, base }) => list === 'allowWrite' && isWithin(path, base),
    );
    const isInRoot = changes.points.some(
      ({ access, path: at }) => access === 'read-write' && isWithin(path, at),
    );
    return (
      deniedBy(keeping, path, by) === null &&
      !carriedTo(changes, all, path, by) &&
      protectedApart(changes, path, KINDS[type], by) === null &&
      (isInRoot || zones.length === 0 || zones.some(opens)) &&
      !isUnseen(path)
    );
  };
  /** In no folder that the settings name. */
  const isUnseen = (path: string) => {
    const roots = changes.points.filter(({ access }) => access === 'read-write');
    const above = roots.map((point) => point.path).filter((root) => isWithin(path, root));
    const root = above.sort((a, b) => b.length - a.length)[0] ?? null;
    return pathNames(path, '/', root).some(({ text, isKnown }) => !isKnown && hasUnseen(text));
  };
  const changesAllowed = (path: string, type: VnodeType) =>
    isWritable(path) &&
    shows(path) &&
    decideChange(changes, path, KINDS[type]).allowed &&
    !carriedTo(changes, all, path) &&
    (compared === undefined || changesBy(compared, path, type));

  /** Leads to something that must not move. */
  const isPinned = (path: string) =>
    !isWritable(around(path)) || [...fixed, ...closed].some((other) => isWithin(other, path));
  const isLedThrough = (path: string, type: VnodeType, by: NameComparison) =>
    passageTo(changes, all, path, by) !== null ||
    (type === 'SYMLINK' && openedThrough(changes, path, by) !== null);
  const moves = (path: string, type: VnodeType) =>
    path !== '/' &&
    changesAllowed(path, type) &&
    !isPinned(path) &&
    (type === 'REGULAR-FILE' ||
      [FOLDED, ...(compared ? [compared] : [])].every((by) => !isLedThrough(path, type, by)));

  /** The same name as one that must not be made, for a volume that ignores case. */
  const isAnotherCase = (path: string, by: NameComparison) => {
    const inside = [...fixed, ...closed].filter((other) => isWritable(around(other)));
    return inside.some((other) => {
      let base = around(other);
      while (base !== '/' && isWritable(around(base))) base = around(base);
      const [names, asked] = [other, path].map((one) => pathNames(one, base, null));
      if (!names || !asked || asked.length === 0 || asked.length > names.length) return false;
      return asked.every(({ text }, at) =>
        by.denies({ type: 'name', name: names[at]?.text ?? '' }, text),
      );
    });
  };
  const makes = (path: string, type: VnodeType) =>
    moves(path, type) &&
    [FOLDED, ...(compared ? [compared] : [])].every((by) => !isAnotherCase(path, by));

  return { shows, looksUp, changes: changesAllowed, removes: moves, makes };
}

/** Whether the folder leads to what the pattern shows. */
function leads(asked: {
  rules: readonly PathRule[];
  pattern: PathPattern;
  path: string;
  compared: NameComparison;
}): boolean {
  const { rules, pattern, path, compared } = asked;
  const { list, base, rest } = pattern;
  if (list !== 'allowRead' || !isWithin(path, base)) return false;
  const names = pathNames(path, base, mostSpecific(rules, path)?.path ?? null);
  const beginnings = rest.slice(0, -1).map((_, at) => rest.slice(0, at + 1));
  const fits = allowing(compared);
  if (beginnings.some((some) => matchesPath(some, names, fits))) return true;
  /* Folders that the settings name are known, and so is what leads to them. */
  const hidden = rules.filter((rule) => ['denyRead', 'private'].includes(rule.list));
  return hidden.some((rule) => {
    if (!isWithin(rule.path, path)) return false;
    const below = pathNames(rule.path, base, rule.path);
    const { left, complete } = walk(rest, below, fits);
    const here = hidden.filter((other) => other.path === rule.path);
    const isWhole = complete.includes(below.length) && givesWay(mostSpecific(here, rule.path));
    return left.length > 0 || (isWhole && rule.path !== path);
  });
}
