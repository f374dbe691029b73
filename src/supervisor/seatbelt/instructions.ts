import { dirname } from 'node:path';
import type { SeatbeltPlan } from '../../compile/seatbelt/plan.ts';
import { SrtError } from '../../errors.ts';
import type { Instructions } from './keeper-messages.ts';
import { logCommand } from './report-denials.ts';
import { hasTerminal } from './streams.ts';

/** What the keeper has to know. Throws SRT_LAUNCH_NOT_EXECUTABLE for what cannot be said to it. */
export function instructionsFor(
  plan: SeatbeltPlan,
  argv: readonly Buffer[],
  denials: boolean,
): Instructions {
  const { sandboxExec, profile, temporary, cwd, environment } = plan;
  return {
    ...{ sandboxExec, profile, cwd, group: hasTerminal() },
    folder: dirname(temporary),
    argv: argv.map(toText),
    log: denials ? logCommand(plan.log, plan.tag) : [],
    env: Object.fromEntries(
      [...environment.values()].map((entry) => {
        const end = entry.indexOf('=', 1);
        return [entry.toString('utf8', 0, end), entry.toString('utf8', end + 1)];
      }),
    ),
  };
}

/** Node on macOS reads arguments as UTF-8 and knows no other way to pass them on. */
function toText(argument: Buffer): string {
  const text = argument.toString('utf8');
  if (!text.includes('\ufffd') && Buffer.from(text).equals(argument)) return text;
  throw new SrtError(
    'SRT_LAUNCH_NOT_EXECUTABLE',
    'an argument is not valid UTF-8, and on macOS cannot be passed on as it is',
  );
}
