import { SrtError } from '../errors.ts';
import type { Environment, HostFacts } from '../host/facts.ts';
import { decideAccess, type PathRule } from '../policy/path-rules.ts';
import type { Policy } from '../policy/policy.ts';
import { planMounts } from './bubblewrap/mounts.ts';
import { bubblewrapOptions } from './bubblewrap/options.ts';
import { resolveRules } from './bubblewrap/resolve-rules.ts';
import { compileEnvironment } from './environment.ts';
import type { LaunchPlan } from './plan.ts';

/* What proxies commonly listen on; the network namespace is empty, so they are free. */
const PORTS = { http: 3128, socks: 1080 } as const;

/** Policy and facts to plan, without touching the machine. Throws SRT_COMPILE_UNENFORCEABLE for
 * what cannot be kept here. */
export function compileLaunch(policy: Policy, facts: HostFacts, caller: Environment): LaunchPlan {
  const { rules: listed, notices } = resolveRules(policy.paths, facts.paths);
  const rules = [...listed, ...showWorkingDirectory(listed, facts.cwd)];
  const folders = new Set(
    [...facts.paths.values()].flatMap((fact) => (fact.kind === 'directory' ? [fact.real] : [])),
  );
  const mounts = planMounts({
    rules,
    cwd: facts.cwd,
    isDirectory: (path) => folders.has(path),
    rootLinks: facts.rootLinks,
  });
  return {
    bubblewrap: facts.bubblewrap.path,
    helper: facts.helper,
    options: bubblewrapOptions(mounts),
    uid: facts.uid,
    gid: facts.gid,
    cwd: facts.cwd,
    ports: PORTS,
    environment: compileEnvironment(caller, PORTS),
    notices,
  };
}

/** A project below /tmp would vanish behind the private one; only its own folder is shown. */
function showWorkingDirectory(rules: readonly PathRule[], cwd: string): PathRule[] {
  const access = decideAccess(rules, cwd);
  const shown = rules.filter(({ list }) => list !== 'private');
  if (access === 'masked' || decideAccess(shown, cwd) === 'masked') {
    throw new SrtError(
      'SRT_COMPILE_UNENFORCEABLE',
      `the working directory ${cwd} is denied by filesystem.denyRead`,
      { hint: 'run srt elsewhere, or name the folder in filesystem.allowRead' },
    );
  }
  const hidden = access === 'private' && !rules.some((r) => r.list === 'private' && r.path === cwd);
  const source = { setting: 'filesystem.allowRead', typed: cwd, where: null };
  return hidden ? [{ list: 'allowRead', path: cwd, source }] : [];
}
