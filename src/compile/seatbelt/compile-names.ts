import { isOpen } from '../../policy/change-rules.ts';
import { anchorsOf, carriedTail } from '../../policy/judged-apart.ts';
import type { PathRule } from '../../policy/path-rules.ts';
import { patternLookUps, patternPassages, patternRules } from './pattern-rules.ts';
import { protectedRules } from './protected-rules.ts';
import { outermostOf } from './protected-scope.ts';
import type { NamedRules } from './resolve-patterns.ts';
import { anyOf, below } from './scoped-filters.ts';
import { unseenRules } from './unseen.ts';

export interface CompiledNames {
  /** Rules for wildcards, and those for looking up folders. */
  patterns: string[];
  lookUps: string[];
  /** Folders in which patterns begin that show something again. */
  shownFrom: string[];
  /** Filters for the folders that lead to what is denied, and to what is allowed. */
  passages: string[];
  unlinked: string[];
  /** Folders that must stay where they are. */
  fixed: string[];
}

/** What a profile has of names and patterns. */
export function compileNames(input: {
  rules: readonly PathRule[];
  named: NamedRules;
  tag: string;
}): CompiledNames {
  const { named, tag } = input;
  const { changes, denying } = named;
  const anchors = anchorsOf(changes);
  const carried = denying.flatMap((pattern) => {
    const tail = carriedTail(anchors, pattern);
    return tail ? [tail] : [];
  });
  const names = protectedRules(changes, carried, tag);
  const writable = anyOf(outermostOf(anchors).flatMap(below));
  const given = { ...input, tree: names.tree, anchors, writable };
  const through = patternPassages(given);
  const ofHome = changes.protectedNames.some(({ within }) => within === 'home');
  return {
    /* Where nothing can be written, no name has to be kept from it. */
    patterns: [
      ...patternRules(given),
      ...(anchors.length === 0 ? [] : [...names.denials, ...unseenRules(changes, tag)]),
    ],
    lookUps: patternLookUps(given),
    shownFrom: named.reading.filter(({ list }) => list === 'allowRead').map(({ base }) => base),
    passages: anchors.length === 0 ? [] : [...new Set([...through.kept, ...names.passages])],
    unlinked: through.unlinked,
    fixed: [
      ...changes.points.filter(isOpen).map(({ path }) => path),
      ...[...changes.patterns, ...denying].map(({ base }) => base),
      ...(ofHome ? changes.homes : []),
    ],
  };
}
