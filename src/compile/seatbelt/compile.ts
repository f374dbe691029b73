import type { Environment } from '../../host/facts.ts';
import type { MacFacts } from '../../host/mac/facts.ts';
import { INHERIT } from '../../policy/environment.ts';
import { NO_GRANTS } from '../../policy/mac-grants.ts';
import type { Policy } from '../../policy/policy.ts';
import { compileEnvironment } from '../environment.ts';
import { planMacCaches, withCaches } from './caches.ts';
import type { SeatbeltPlan, SeatbeltRun } from './plan.ts';
import { compileProfile } from './profile.ts';
import { gitSshCommand, sshProxyCommand } from './ssh-command.ts';

/** Policy and facts to plan, without touching the machine. Throws SRT_COMPILE_UNENFORCEABLE for
 * what cannot be kept on macOS. */
export function compileSeatbelt(
  policy: Policy,
  facts: MacFacts,
  caller: Environment,
  run: SeatbeltRun,
): SeatbeltPlan {
  const { grants, services } = policy.macos ?? NO_GRANTS;
  /* No volume is asked: one that takes `.GIT` for `.git` can be mounted at any time, and what it costs
   * to assume so is a name that nobody uses. */
  const known = { ...facts, temporary: run.temporary, caseInsensitive: true };
  const caches = planMacCaches(policy.caches, policy.paths, known, run);
  const { text, sockets, notices, ruleOf } = compileProfile({
    ...{
      rules: [...policy.paths, ...caches.rules],
      patterns: policy.patterns,
      protectedNames: policy.protectedNames,
    },
    facts: withCaches(known, caches),
    gatePort: run.gatePort,
    forwards: policy.forwards,
    tag: run.tag,
    grants,
    services,
    sockets: policy.unixSockets ?? [],
    homes: policy.homes,
  });
  /* There is one loopback for all: only what the command may reach there is reached directly. */
  const isDirect = policy.forwards.length > 0 || grants.includes('local-binding');
  const authority = `srt:${run.token}@127.0.0.1:${run.gatePort}`;
  const { environment, withheld, ...told } = compileEnvironment(
    caller,
    policy.environment ?? INHERIT,
    {
      temporary: run.temporary,
      http: `http://${authority}`,
      socks: `socks5h://${authority}`,
      direct: isDirect ? ['localhost', '127.0.0.1', '::1'] : [],
      caches: caches.inside,
      sockets,
    },
  );
  const { readable, odd } = onlyText(environment);
  return {
    sandboxExec: facts.sandboxExec,
    log: facts.log,
    keeper: [facts.node, `${facts.dist}/keeper.cjs`],
    profile: text,
    tag: run.tag,
    ruleOf,
    cwd: facts.cwd,
    temporary: run.temporary,
    folders: caches.folders,
    environment: withSsh(readable, facts),
    withheld: [...withheld, ...odd],
    notices: [...notices, ...told.notices],
  };
}

/** Node on macOS knows the environment as text alone: another would be passed on changed. */
function onlyText(environment: Environment) {
  const isText = (entry: Buffer) =>
    !entry.toString().includes('\ufffd') && Buffer.from(entry.toString()).equals(entry);
  const odd = [...environment].flatMap(([name, entry]) =>
    isText(entry)
      ? []
      : [{ name: Buffer.from(name, 'latin1').toString(), reason: 'is not valid UTF-8' }],
  );
  return { readable: new Map([...environment].filter(([, entry]) => isText(entry))), odd };
}

/** Where nobody else has said how git is to call ssh. */
function withSsh(environment: Environment, { node, dist }: MacFacts): Environment {
  const command = sshProxyCommand(node, dist);
  const isSaid = environment.has('GIT_SSH_COMMAND') || environment.has('GIT_SSH');
  const added = {
    SRT_SSH_PROXY_COMMAND: command,
    ...(isSaid ? {} : { GIT_SSH_COMMAND: gitSshCommand(command) }),
  };
  const entries = Object.entries(added).map(
    ([name, value]) => [name, Buffer.from(`${name}=${value}`)] as const,
  );
  return new Map([...environment, ...entries]);
}
