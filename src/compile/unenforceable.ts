import { SrtError } from '../errors.ts';
import type { Segment } from '../policy/glob.ts';
import { decideAccess, type PathRule } from '../policy/path-rules.ts';
import { describeSource } from '../policy/source.ts';
import { hasUnfoldedLetters, UNFOLDED_LETTERS } from '../policy/unfolded-letters.ts';

/* What no platform can keep, whatever it keeps rules by. */

/** An SRT_COMPILE_UNENFORCEABLE that names the rule. */
export function unenforceable(
  { source }: Pick<PathRule, 'source'>,
  problem: string,
  hint: string,
): SrtError {
  return new SrtError('SRT_COMPILE_UNENFORCEABLE', `${describeSource(source)} ${problem}`, {
    hint,
  });
}

/** A rule is about what a link leads to, not about the link. Where the command could replace the
 * link, the rule would mean something else a moment later, or in the next run. `links` are those
 * on the way to the rule's path, of which the first that is writable is named. */
export function refuseReplaceableLinks(
  rule: Pick<PathRule, 'source'>,
  links: readonly string[],
  isWritable: (link: string) => boolean,
): void {
  const link = links.find(isWritable);
  if (link === undefined) return;
  throw unenforceable(
    rule,
    `leads through the symbolic link ${JSON.stringify(link)}, which the command could replace`,
    'name the path that it leads to, or make a smaller folder writable',
  );
}

/** What cannot be reached cannot be covered, and inside a write root the command may open the way,
 * with chmod or by replacing what stands in it. */
export function unreachable(rule: Pick<PathRule, 'source'>, errno: string): SrtError {
  return unenforceable(
    rule,
    `cannot be reached (${errno}) inside a writable folder, and the command could open the way`,
    'make it reachable, or make a smaller folder writable',
  );
}

/** The kernel takes another spelling for another name, with nothing mounted on it. */
export function refuseOtherSpelling(
  { list, path, source }: PathRule,
  openOtherwise: ReadonlySet<string>,
): void {
  if (list !== 'denyRead' || !openOtherwise.has(path)) return;
  throw unenforceable(
    { source },
    'lies on a file system that takes any case of a name behind the back of the kernel, so it could be read by another spelling',
    'keep it on another file system, or deny the folder that this one is mounted on',
  );
}

/** Of a rule that denies where case is ignored. */
export function refuseUnfoldedLetters(
  rule: Pick<PathRule, 'source'>,
  segments: readonly Segment[],
): void {
  const { problem, hint } = UNFOLDED_LETTERS;
  if (segments.some(hasUnfoldedLetters)) throw unenforceable(rule, problem, hint);
}

/** A project below a private folder would vanish with it; only its own folder is shown. Returns
 * the rule that does so, or none. Throws where the working directory is denied. */
export function showWorkingDirectory(rules: readonly PathRule[], cwd: string): PathRule[] {
  const access = decideAccess(rules, cwd);
  const shown = rules.filter(({ list }) => list !== 'private');
  if (access === 'masked' || decideAccess(shown, cwd) === 'masked') {
    throw new SrtError(
      'SRT_COMPILE_UNENFORCEABLE',
      `the working directory ${cwd} is denied by filesystem.denyRead`,
      { hint: 'run srt elsewhere, or name the folder in filesystem.allowRead' },
    );
  }
  const hidden = access === 'private' && !rules.some((r) => r.list === 'private' && r.path === cwd);
  const source = { setting: 'filesystem.allowRead', typed: cwd, where: null };
  return hidden ? [{ list: 'allowRead', path: cwd, source }] : [];
}
