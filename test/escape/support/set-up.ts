/* A start in two halves, with time for an attacker between what srt looked at and the mounts. */
import { join } from 'node:path';
import { compileLaunch } from '../../../src/compile/compile.ts';
import type { LaunchPlan } from '../../../src/compile/plan.ts';
import { isSrtError } from '../../../src/errors.ts';
import { probeHost } from '../../../src/host/probe.ts';
import { loadText } from '../../../src/settings/load.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { runCommand } from '../../../src/supervisor/run.ts';
import { ROOT } from '../../support/srt.ts';

export type Filesystem = Readonly<Record<string, readonly string[]>>;

export const DIST = join(ROOT, 'dist');
export const ENVIRONMENT = new Map([['PATH', Buffer.from(`PATH=${process.env.PATH}`)]]);

export function policyOf(filesystem: Filesystem, cwd: string) {
  const loaded = loadText(JSON.stringify({ filesystem }), 'settings.json');
  return toPolicy(loaded, { home: '/nonexistent', cwd, protect: [] });
}

/** All that srt does before it starts anything. */
export function look(filesystem: Filesystem, cwd: string): LaunchPlan {
  const policy = policyOf(filesystem, cwd);
  return compileLaunch(policy, probeHost(policy, cwd, DIST), ENVIRONMENT);
}

/** The rest. Returns what the command printed, or why there was none: "SRT_... ERRNO path". */
export async function start(plan: LaunchPlan, argv: readonly string[]): Promise<string> {
  let printed = '';
  const outside = { started() {}, listener() {}, connect: async () => 0, connecting() {} };
  const output = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  try {
    await runCommand(
      plan,
      argv.map((word) => Buffer.from(word)),
      { sink: () => {}, outside, output },
    );
    return printed;
  } catch (error) {
    if (!isSrtError(error)) throw error;
    return [error.code, error.details.errno, error.details.path].join(' ').trim();
  }
}
