import type { CompiledNames } from '../compile/names/compile-names.ts';
import type { SandboxEvent } from '../events.ts';
import { describeRule } from '../policy/describe-rule.ts';
import type { ReportedChange } from './init-messages.ts';
import { errnoName } from './start-failure.ts';

/** What srt-init said of a refused change, in the words of the plan that it decided by. */
export function deniedEvent(
  names: CompiledNames | null,
  times: number,
  change: ReportedChange | null,
): SandboxEvent {
  const type = 'denied';
  if (change === null)
    return {
      type,
      operation: null,
      asked: '',
      path: '',
      process: null,
      errno: '',
      rule: null,
      times,
    };
  const { operation, asked, path, pid, command, errno, rule } = change;
  const found = rule === null ? undefined : names?.rules[rule];
  return {
    type,
    operation,
    asked,
    path,
    process: { pid, command },
    errno: errnoName(errno),
    ...(found ? describeRule(found) : { rule: null }),
    times,
  };
}
