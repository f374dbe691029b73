import { compileLaunch } from './compile/compile.ts';
import type { LaunchPlan } from './compile/plan.ts';
import { isSrtError } from './errors.ts';
import type { EventSink } from './events.ts';
import type { Environment } from './host/facts.ts';
import { installedAt } from './host/installation.ts';
import { leaseFolder } from './host/lease-folder.ts';
import { rawEnvironment } from './host/own-process.ts';
import { probeHost } from './host/probe.ts';
import { probeNamespaceSwitches } from './host/user-namespaces.ts';
import { createGate, type Gate } from './network/gate.ts';
import { INHERIT } from './policy/environment.ts';
import type { Policy } from './policy/policy.ts';
import { nameBlocker } from './supervisor/blocker.ts';
import { prepareLeaseFolder } from './supervisor/lease/registry.ts';
import { runWithLease } from './supervisor/lease/run.ts';
import type { RunHooks, RunResult } from './supervisor/run.ts';

export interface SandboxOptions {
  /** Absolute path of the folder that commands start in. */
  cwd: string;
  /** The environment that commands inherit, before srt's own variables; this process's if not
   * given. */
  environment?: Environment;
  /** The folder of the installed bundles, where it is not the one of this code. */
  dist?: string;
  sink?: EventSink;
  /** Finds the addresses of names that the policy allows; the host's own resolver if not given. */
  resolve?: (name: string) => Promise<string[]>;
}

export interface Sandbox {
  /** What would be enforced, as data. */
  readonly plan: LaunchPlan;
  /** Runs one command with this process's standard streams, or with no input and its output to
   * `output`. Rejects with an SrtError when it did not start; then nothing ran. */
  run(argv: readonly (string | Buffer)[], output?: (chunk: Buffer) => void): Promise<RunResult>;
  /** Replaces the network lists by those of another policy, for commands that run and those to
   * come; connections that the new lists refuse are cut. Nothing else changes: a `notice` says so
   * where the other policy has other file rules, protected names, variables, parent proxies or
   * forwarded ports. */
  update(policy: Policy): void;
}

/* Programs replace their files whenever they save them, so one change is nothing to stop for. */
const ATTEMPTS = 3;

/** The one place where policy, facts, plan, gate and supervisor meet. Throws an SrtError when
 * this host cannot keep the policy. */
export function createSandbox(policy: Policy, options: SandboxOptions): Sandbox {
  const sink = options.sink ?? (() => {});
  const environment = options.environment ?? rawEnvironment();
  const compile = () => {
    /* Before the mounts that hide it are planned. */
    if (policy.names === 'mount') prepareLeaseFolder(leaseFolder());
    const facts = probeHost(policy, options.cwd, options.dist ?? installedAt());
    return compileLaunch(policy, facts, environment);
  };
  let plan = compile();
  for (const message of plan.notices) sink({ type: 'notice', message });
  if (plan.withheld.length > 0) sink({ type: 'withheld', variables: plan.withheld });
  const gates = new Set<Gate>();
  let { domains } = policy;
  const look = () => {
    plan = compile();
    return plan;
  };
  /* A start that fails has run nothing and read nothing of the standard streams. */
  const start = async (argv: readonly Buffer[], hooks: RunHooks) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runWithLease(plan, look, argv, hooks);
      } catch (error) {
        const changed = isSrtError(error) && error.code === 'SRT_LAUNCH_CHANGED';
        if (!changed || attempt === ATTEMPTS) throw error;
        look();
      }
    }
  };
  return {
    get plan() {
      return plan;
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
      const { resolve } = options;
      const gate = createGate({ ...policy, domains }, sink, resolve ? { resolve } : {});
      gates.add(gate);
      try {
        await gate.open();
        const outside = {
          started: gate.started,
          listener(place: number, handle: unknown) {
            const listener = plan.listeners[place];
            if (listener) gate.serve(listener, handle);
          },
          connect: gate.ask,
          connecting: gate.connecting,
        };
        return await start(argv, { sink, outside, output });
      } catch (error) {
        if (!isSrtError(error) || error.code !== 'SRT_LAUNCH_FAILED') throw error;
        throw nameBlocker(error, probeNamespaceSwitches());
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
    'the environment': ({ environment: { mode, rules, set } = INHERIT }) => [
      mode,
      rules.map(({ list, pattern }) => [list, pattern]),
      set,
    ],
    'network.parentProxy': ({ upstream }) => upstream ?? null,
    'network.transparent': ({ transparent }) => transparent,
    'network.forward': ({ forwards }) =>
      forwards.map(({ direction, hostPort, sandboxPort }) => [direction, hostPort, sandboxPort]),
  };
  const differs = (part: (of: Policy) => unknown) =>
    JSON.stringify(part(policy)) !== JSON.stringify(part(next));
  const names = Object.entries(parts).flatMap(([name, part]) => (differs(part) ? [name] : []));
  if (names.length === 0) return null;
  return `${names.join(' and ')} of a running command stay as they are; the changes count from the next start`;
}
