import { type Access, mostSpecific } from '../../policy/path-rules.ts';
import { describeSource } from '../../policy/source.ts';
import type { AccessMap, AccessPoint } from './access-points.ts';
import { headed, type PathKind, rule, subtree } from './rule-text.ts';
import { DATA_VOLUME } from './spellings.ts';

/** Running a program reads it, and so does mapping it, and neither is asked about as a read. */
export const READING = 'file-read* file-map-executable process-exec*';
export const WRITING = 'file-write*';

export interface FileRulesInput {
  /** By canonical path; see resolve-rules. */
  map: AccessMap;
  kindOf(path: string): PathKind;
  /** Whether the volumes take `.GIT` for `.git`. */
  caseInsensitive: boolean;
  tag: string;
  /** Rules by name, for wildcards. */
  patterns: readonly string[];
}

const isShown = (access: Access) => access === 'read-write' || access === 'read-only';
const isWritable = (access: Access) => access === 'read-write';

/** Rules for wildcards, of which the last that matches decides. Every path at which the decision
 * changes gets one, shallow before deep: so the last match is the nearest point above a path, and
 * that point has the decision of the path. What is private on Linux is masked here, as there is no
 * way to put an empty folder in its place. */
export function fileRules(input: FileRulesInput): string[] {
  const { points } = input.map;
  return [
    '; Reading: the nearest of these above a path decides.\n',
    ...changes(points, isShown, READING, input),
    '; Writing: the same.\n',
    ...changes(points, isWritable, WRITING, input),
    ...headed(
      '; Names: at any depth, so they come after all paths. What they open first, then what they deny.\n',
      input.patterns,
    ),
    '; A second name for everything that was just named, which the kernel does not use.\n',
    ...rule('deny', `${READING} ${WRITING}`, subtree(DATA_VOLUME, 'directory'), input.tag),
  ];
}

function changes(
  points: readonly AccessPoint[],
  granted: (access: Access) => boolean,
  operations: string,
  { kindOf, tag }: FileRulesInput,
): string[] {
  const root = points[0];
  const texts = root && granted(root.access) ? [`(allow ${operations})\n`] : [];
  for (const level of byDepth(points.slice(1))) {
    const changed = level.filter(
      (p) => p.around !== null && granted(p.access) !== granted(p.around),
    );
    for (const action of ['deny', 'allow'] as const) {
      const filters = changed
        .filter(({ access }) => granted(access) === (action === 'allow'))
        .flatMap((point) => {
          const [first = '', ...more] = subtree(point.path, kindOf(point.path));
          return [[first, reasonOf(point, action, operations)] as const, ...more];
        });
      texts.push(...rule(action, operations, filters, tag));
    }
  }
  return texts;
}

/** The entry by which the path is what it is. */
function reasonOf({ path, rules }: AccessPoint, action: 'allow' | 'deny', operations: string) {
  const list = action === 'allow' ? 'allowWrite' : 'denyWrite';
  const written = operations === WRITING ? rules.find((one) => one.list === list) : undefined;
  const source = (written ?? mostSpecific(rules, path) ?? rules[0])?.source;
  return source ? describeSource(source) : '';
}

/** Paths of one depth lie apart from each other, so their order means nothing. */
function byDepth(points: readonly AccessPoint[]): AccessPoint[][] {
  const levels: AccessPoint[][] = [];
  for (const point of points) {
    levels[point.depth] ??= [];
    levels[point.depth]?.push(point);
  }
  return levels.filter(Boolean);
}
