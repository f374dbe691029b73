import { compileLaunch } from './compile/compile.ts';
import { isSrtError } from './errors.ts';
import type { EventSink } from './events.ts';
import type { Environment } from './host/facts.ts';
import { installedAt } from './host/installation.ts';
import { leaseFolder } from './host/lease-folder.ts';
import { rawEnvironment } from './host/own-process.ts';
import { probeHost } from './host/probe.ts';
import { probeNamespaceSwitches } from './host/user-namespaces.ts';
import type { Gate } from './network/gate.ts';
import type { Policy } from './policy/policy.ts';
import type { Prestarted } from './supervisor/adopt.ts';
import { nameBlocker } from './supervisor/blocker.ts';
import { prepareLeaseFolder } from './supervisor/lease/registry.ts';
import { runWithLease } from './supervisor/lease/run.ts';
import type { RunHooks } from './supervisor/run.ts';

interface BubblewrapOptions {
  cwd: string;
  environment?: Environment;
  dist?: string;
  sink?: EventSink;
  prestarted?: Prestarted;
}

/* Programs replace their files whenever they save them, so one change is nothing to stop for. */
const ATTEMPTS = 3;

/** Where policy, facts, plan, gate and supervisor meet on Linux. Throws an SrtError when this host
 * cannot keep the policy. */
export function prepareBubblewrap(policy: Policy, options: BubblewrapOptions) {
  const { cwd, dist = installedAt(), environment = rawEnvironment(), sink = () => {} } = options;
  const progress = (names: number) => sink({ type: 'searching', names });
  const compile = () => {
    /* Before the mounts that hide it are planned. */
    if (policy.names === 'mount') prepareLeaseFolder(leaseFolder());
    return compileLaunch(policy, probeHost(policy, cwd, dist, progress), environment);
  };
  let plan = compile();
  const look = () => {
    plan = compile();
    return plan;
  };
  let { prestarted } = options;
  /* A start that fails has run nothing and read nothing of the standard streams. */
  const start = async (argv: readonly Buffer[], hooks: RunHooks) => {
    for (let attempt = 1; ; attempt++) {
      const given = prestarted;
      prestarted = undefined;
      try {
        return await runWithLease(plan, look, argv, { ...hooks, prestarted: given });
      } catch (error) {
        const changed = isSrtError(error) && error.code === 'SRT_LAUNCH_CHANGED';
        if (!changed || attempt === ATTEMPTS) throw error;
        given?.startAlone();
        look();
      }
    }
  };
  const run = async (gate: Gate, argv: readonly Buffer[], output?: (chunk: Buffer) => void) => {
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
    try {
      return await start(argv, { sink, outside, output });
    } catch (error) {
      if (!isSrtError(error) || error.code !== 'SRT_LAUNCH_FAILED') throw error;
      throw nameBlocker(error, probeNamespaceSwitches());
    }
  };
  return {
    get plan() {
      return plan;
    },
    /** The gate listens inside, where nobody else can connect. */
    begin: () => ({ gate: {}, run }),
  };
}
