import { prepareBubblewrap } from './bubblewrap.ts';
import type { LaunchPlan } from './compile/plan.ts';
import type { SeatbeltPlan } from './compile/seatbelt/plan.ts';
import type { EventSink } from './events.ts';
import type { Environment } from './host/facts.ts';
import { createGate, type Gate, type GateOptions } from './network/gate.ts';
import { INHERIT } from './policy/environment.ts';
import { NO_GRANTS } from './policy/mac-grants.ts';
import type { Policy } from './policy/policy.ts';
import type { Prestarted } from './supervisor/adopt.ts';
import type { RunResult } from './supervisor/run.ts';

export interface SandboxOptions {
  /** Absolute path of the folder that commands start in. */
  cwd: string;
  /** The environment that commands inherit, before srt's own variables; this process's if not
   * given. */
  environment?: Environment;
  /** The folder of the installed bundles, where it is not the one of this code. */
  dist?: string;
  sink?: EventSink;
  /** macOS: whether `violation` events are read from the system's log, at the price of a process. */
  denials?: boolean;
  /** Linux: a sandbox that was started beside this process, for the first command. */
  prestarted?: Prestarted;
  /** Finds the addresses of names that the policy allows; the host's own resolver if not given. */
  resolve?: (name: string) => Promise<string[]>;
}

export interface Sandbox {
  /** What would be enforced, as data. */
  readonly plan: LaunchPlan | SeatbeltPlan;
  /** Runs one command with this process's standard streams, or with no input and its output to
   * `output`. Rejects with an SrtError when it did not start; then nothing ran. */
  run(argv: readonly (string | Buffer)[], output?: (chunk: Buffer) => void): Promise<RunResult>;
  /** Replaces the network lists by those of another policy, for commands that run and those to
   * come; connections that the new lists refuse are cut. Nothing else changes: a `notice` says so
   * where the other policy has other file rules, protected names, variables, parent proxies or
   * forwarded ports. */
  update(policy: Policy): void;
}

/** What differs by platform. */
export interface Platform {
  /** What would be enforced. On macOS as for a run whose gate is at port 1. */
  readonly plan: LaunchPlan | SeatbeltPlan;
  /** Prepares one run; it comes with what the gate needs to know of it. */
  begin(): {
    gate: Pick<GateOptions, 'guard'>;
    run(gate: Gate, argv: readonly Buffer[], output?: (chunk: Buffer) => void): Promise<RunResult>;
  };
}

/** The one place where policy, facts, plan, gate and supervisor meet. Rejects with an SrtError when
 * this host cannot keep the policy. */
export async function createSandbox(policy: Policy, options: SandboxOptions): Promise<Sandbox> {
  const platform =
    process.platform === 'darwin'
      ? (await import('./seatbelt.ts')).prepareSeatbelt(policy, options)
      : prepareBubblewrap(policy, options);
  return sandboxOn(platform, policy, options);
}

export function sandboxOn(platform: Platform, policy: Policy, options: SandboxOptions): Sandbox {
  const { resolve, sink = () => {} } = options;
  const { plan } = platform;
  for (const message of plan.notices) sink({ type: 'notice', message });
  if (plan.withheld.length > 0) sink({ type: 'withheld', variables: plan.withheld });
  const gates = new Set<Gate>();
  let { domains } = policy;
  return {
    get plan() {
      return platform.plan;
    },
    update(next) {
      domains = next.domains;
      for (const gate of gates) gate.setDomains(domains);
      sink({ type: 'updated', settingsFile: next.settingsFile });
      const fixed = whatStays(policy, next);
      if (fixed !== null) sink({ type: 'notice', message: `${next.settingsFile}: ${fixed}` });
    },
    async run(words, output) {
      const argv = words.map((word) => Buffer.from(word));
      const begun = platform.begin();
      const resolver = resolve ? { resolve } : {};
      const gate = createGate({ ...policy, domains }, sink, { ...resolver, ...begun.gate });
      gates.add(gate);
      try {
        return await begun.run(gate, argv, output);
      } finally {
        gates.delete(gate);
        gate.close();
      }
    },
  };
}

/** What a running command keeps although the next policy has it otherwise. */
function whatStays(policy: Policy, next: Policy): string | null {
  const parts: Readonly<Record<string, (of: Policy) => unknown>> = {
    'the filesystem rules': ({ paths }) => paths.map(({ list, path }) => [list, path]),
    'filesystem.names': ({ names = 'mediate' }) => names,
    'filesystem.protect': ({ protectedNames }) => protectedNames.map(({ name }) => name),
    'filesystem.privateCaches': ({ caches }) => caches?.own ?? 'none',
    'the environment': ({ environment: { mode, rules, set } = INHERIT }) => [
      mode,
      rules.map(({ list, pattern }) => [list, pattern]),
      set,
    ],
    'network.parentProxy': ({ upstream }) => upstream ?? null,
    'network.transparent': ({ transparent }) => transparent,
    'what is open on macOS': ({ macos = NO_GRANTS }) => [macos.grants, macos.services],
    'network.allowUnixSockets': ({ unixSockets = [] }) => unixSockets.map(({ path }) => path),
    'network.forward': ({ forwards }) =>
      forwards.map(({ direction, hostPort, sandboxPort }) => [direction, hostPort, sandboxPort]),
  };
  const differs = (part: (of: Policy) => unknown) =>
    JSON.stringify(part(policy)) !== JSON.stringify(part(next));
  const names = Object.entries(parts).flatMap(([name, part]) => (differs(part) ? [name] : []));
  if (names.length === 0) return null;
  return `${names.join(' and ')} of a running command stay as they are; the changes count from the next start`;
}
