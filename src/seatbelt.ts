import { randomBytes } from 'node:crypto';
import { compileSeatbelt } from './compile/seatbelt/compile.ts';
import type { EventSink } from './events.ts';
import type { Environment } from './host/facts.ts';
import { installedAt } from './host/installation.ts';
import type { MacFacts } from './host/mac/facts.ts';
import { probeMac } from './host/mac/probe.ts';
import { rawEnvironment } from './host/own-process.ts';
import type { Gate } from './network/gate.ts';
import { createGuard } from './network/guard.ts';
import type { Policy } from './policy/policy.ts';
import { runSeatbelt } from './supervisor/seatbelt/run.ts';

interface SeatbeltOptions {
  cwd: string;
  environment?: Environment;
  dist?: string;
  sink?: EventSink;
  denials?: boolean;
}

/** Where policy, facts, plan, gate and supervisor meet on macOS; sandbox.ts loads it there. Throws an
 * SrtError when this Mac cannot keep the policy. */
export function prepareSeatbelt(
  policy: Policy,
  options: SeatbeltOptions,
  facts: MacFacts = probeMac(policy, options.cwd, options.dist ?? installedAt()),
) {
  const { environment = rawEnvironment(), sink = () => {}, denials = false } = options;
  const compile = (gatePort: number, token: string, id: string) =>
    compileSeatbelt(policy, facts, environment, {
      gatePort,
      token,
      tag: `srt-${id}`,
      temporary: `${facts.userTemporary}/srt-${id}/tmp`,
    });
  return {
    /* What cannot be kept is known before the first run. */
    plan: compile(1, '', '0'),
    begin() {
      const token = randomBytes(32).toString('base64url');
      const id = randomBytes(12).toString('hex');
      return {
        gate: { guard: createGuard(token) },
        async run(gate: Gate, argv: readonly Buffer[], output?: (chunk: Buffer) => void) {
          const plan = compile(await gate.listen(), token, id);
          return runSeatbelt(plan, argv, { sink, output, denials });
        },
      };
    },
  };
}
