import type { Environment } from '../host/facts.ts';
import { createEnvironmentDecider, type EnvironmentPolicy } from '../policy/environment.ts';
import type { OWN_VARIABLES } from '../policy/environment-rules.ts';
import type { WithheldVariable } from './plan.ts';
import { cacheVariables } from './private-caches.ts';

/** What a sandbox has in the place of the machine's own. */
export interface Surroundings {
  /** The folder for temporary files. */
  temporary: string;
  /** URLs of the proxies. */
  http: string;
  socks: string;
  /** Hosts that are reached without them. */
  direct: readonly string[];
  /** The folder of private caches; null where tools use their own. */
  caches: string | null;
  /** Unix sockets outside that the command can connect to, each with what is beneath. */
  sockets?: readonly string[];
}

export interface CompiledEnvironment {
  environment: Environment;
  withheld: readonly WithheldVariable[];
  /** One line on what somebody may miss. */
  notices: readonly string[];
}

/** The command's environment: of the caller's what the policy passes, then where the private caches
 * are, what the settings set, and the temporary folder and the proxies of the
 * sandbox. */
export function compileEnvironment(
  caller: Environment,
  policy: EnvironmentPolicy,
  surroundings: Surroundings,
): CompiledEnvironment {
  const environment = new Map(caller);
  const withheld: WithheldVariable[] = [];
  const told: string[] = [];
  const given = new Map<string, Buffer>();
  const { caches } = surroundings;
  const chosen = [...(caches === null ? [] : cacheVariables(caches)), ...policy.set];
  for (const [name, value] of chosen)
    given.set(Buffer.from(name).toString('latin1'), Buffer.from(`${name}=${value}`));
  for (const [name, value] of Object.entries(variables(surroundings)))
    given.set(name, Buffer.from(`${name}=${value}`));
  const readValue = (name: string) => caller.get(name)?.toString('latin1', name.length + 1) ?? '';
  const decide = createEnvironmentDecider(policy, readValue, surroundings.sockets);
  for (const name of caller.keys()) {
    const { passed, reason, tell } = decide(name);
    if (passed) continue;
    environment.delete(name);
    if (given.has(name)) continue;
    const shown = Buffer.from(name, 'latin1').toString();
    withheld.push({ name: shown, reason });
    if (tell && readValue(name) !== '') told.push(shown);
  }
  for (const [name, entry] of given) environment.set(name, entry);
  return { environment, withheld, notices: told.length > 0 ? [notice(told)] : [] };
}

function notice(names: readonly string[]): string {
  const [are, they, them] = names.length > 1 ? ['are', 'they', 'them'] : ['is', 'it', 'it'];
  const why = `${they} would put code into every program`;
  return `${names.join(' and ')} ${are} not passed on: ${why} (env.pass passes ${them})`;
}

function variables({
  temporary,
  http,
  socks,
  direct,
}: Omit<Surroundings, 'sockets'>): Record<(typeof OWN_VARIABLES)[number], string> {
  return {
    SANDBOX_RUNTIME: '1',
    TMPDIR: temporary,
    HTTP_PROXY: http,
    http_proxy: http,
    HTTPS_PROXY: http,
    https_proxy: http,
    ALL_PROXY: socks,
    all_proxy: socks,
    NO_PROXY: direct.join(),
    no_proxy: direct.join(),
    /* Without it fetch and http of Node itself ignore all of the above (Node 22.21, 24.5). */
    NODE_USE_ENV_PROXY: '1',
  };
}
