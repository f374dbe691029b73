import type { LaunchPlan } from '../../compile/plan.ts';
import { type RunHooks, type RunResult, runCommand } from '../run.ts';
import { changed } from './changed.ts';
import { type Lease, takeLease } from './lease.ts';

/** Runs a command as runCommand does, and where mounts need placeholders makes those, has a new plan
 * made of what is there then (`look`), and removes them in the end. */
export async function runWithLease(
  plan: LaunchPlan,
  look: () => LaunchPlan,
  argv: readonly Buffer[],
  hooks: RunHooks,
): Promise<RunResult> {
  const { helper, placeholders } = plan;
  if (placeholders === null || placeholders.folders.length === 0)
    return runCommand(plan, argv, hooks);
  const lease = takeLease(helper, placeholders);
  try {
    const held = look();
    refuseUnheld(lease, held);
    return await runCommand(held, argv, { ...hooks, lease: lease.descriptor });
  } finally {
    release(lease, hooks);
  }
}

/** What somebody else holds alone is gone as soon as they are. */
function refuseUnheld(lease: Lease, { placeholders }: LaunchPlan): void {
  const folder = placeholders?.folders.find((one) => !lease.covers([one]));
  if (folder) throw changed(folder.path);
}

/** The command has ended already, however it did. */
function release(lease: Lease, { sink }: RunHooks): void {
  try {
    lease.release();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    sink({ type: 'notice', message: `placeholders stay until the next start: ${why}` });
  }
}
