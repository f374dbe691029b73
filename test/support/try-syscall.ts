import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildC } from './build-c.ts';
import { ROOT, type RunOptions, run, srt } from './srt.ts';

/** What a call gave: its result, or the name of its errno or of the signal that ended it. */
export type Outcome = number | string;

const SOURCE = join(ROOT, 'test', 'support', 'try-syscall.c');

/** The probe; null without a C compiler. */
export const TRY_SYSCALL: string | null = buildC(SOURCE, 'cc', ['-static']);

function probe(): string {
  if (TRY_SYSCALL === null) throw new Error('no C compiler: use requires(...) with TRY_SYSCALL');
  return TRY_SYSCALL;
}

function parse(stdout: string, code: number | null, stderr: string): Record<string, Outcome> {
  if (code !== 0) throw new Error(`try-syscall ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, Outcome>;
}

/** Makes the calls outside any sandbox, before the test file's tables are built. With
 * `ownUserNamespace`, as root of a new one: an ordinary user then passes the same checks. */
export function tryOutsideNow(
  calls: readonly string[],
  { ownUserNamespace = false } = {},
): Record<string, Outcome> {
  if (TRY_SYSCALL === null) return {};
  const flags = ownUserNamespace ? ['--own-user-namespace'] : [];
  const stdout = execFileSync(TRY_SYSCALL, [...flags, ...calls], { encoding: 'utf8' });
  return parse(stdout, 0, '');
}

/** Makes the calls in a sandbox. */
export async function tryInside(
  calls: readonly string[],
  settings: readonly string[] = [],
  options: RunOptions = {},
): Promise<Record<string, Outcome>> {
  const { stdout, code, stderr } = await srt([...settings, probe(), ...calls], options);
  return parse(stdout, code, stderr);
}

/** Makes the calls outside any sandbox. */
export async function tryOutside(
  calls: readonly string[],
  options: RunOptions = {},
): Promise<Record<string, Outcome>> {
  const { stdout, code, stderr } = await run([probe(), ...calls], options);
  return parse(stdout, code, stderr);
}
