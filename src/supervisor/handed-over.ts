import type { CompiledNames } from '../compile/names/compile-names.ts';
import type { SandboxEvent } from '../events.ts';
import { MOVED_FOLDER, OUTWARD_LINK } from '../policy/handed-over-names.ts';
import type { ReportedChange } from './init-messages.ts';

/** native/files/telling.h: what is told of whatever it is called. */
const UNNAMED: Readonly<Record<number, { name: string; reason: string }>> = {
  4294967294: OUTWARD_LINK,
  4294967293: MOVED_FOLDER,
};

/** What srt-init said of a change that was made, in the words of the plan. Throws on a rule that the
 * plan does not have. */
export function handedOverEvent(
  names: CompiledNames | null,
  times: number,
  change: ReportedChange | null,
): SandboxEvent {
  if (change === null) return { type: 'handed-over-more', times };
  const { operation, path, pid, command, rule: number } = change;
  const rule = number === null ? undefined : (UNNAMED[number] ?? names?.rules[number]);
  if (!rule || 'setting' in rule) throw new Error(`no name that is told of has number ${number}`);
  const process = { pid, command };
  return { type: 'handed-over', operation, path, by: rule.name, reason: rule.reason, process };
}
