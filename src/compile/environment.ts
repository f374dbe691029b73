import type { Environment } from '../host/facts.ts';
import { createEnvironmentDecider, type EnvironmentPolicy } from '../policy/environment.ts';
import type { OWN_VARIABLES } from '../policy/environment-rules.ts';
import type { WithheldVariable } from './plan.ts';
import { cacheVariables } from './private-caches.ts';

export interface ProxyPorts {
  http: number;
  socks: number;
}

export interface CompiledEnvironment {
  environment: Environment;
  withheld: readonly WithheldVariable[];
  /** One line on what somebody may miss. */
  notices: readonly string[];
}

/** The command's environment: of the caller's what the policy passes, then where the private caches
 * are (null: nowhere), what the settings set, and the temporary folder and the proxies of the
 * sandbox. */
export function compileEnvironment(
  caller: Environment,
  policy: EnvironmentPolicy,
  ports: ProxyPorts,
  caches: string | null,
): CompiledEnvironment {
  const environment = new Map(caller);
  const withheld: WithheldVariable[] = [];
  const told: string[] = [];
  const given = new Map<string, Buffer>();
  const chosen = [...(caches === null ? [] : cacheVariables(caches)), ...policy.set];
  for (const [name, value] of chosen)
    given.set(Buffer.from(name).toString('latin1'), Buffer.from(`${name}=${value}`));
  for (const [name, value] of Object.entries(variables(ports)))
    given.set(name, Buffer.from(`${name}=${value}`));
  const readValue = (name: string) => caller.get(name)?.toString('latin1', name.length + 1) ?? '';
  const decide = createEnvironmentDecider(policy, readValue);
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

function variables({ http, socks }: ProxyPorts): Record<(typeof OWN_VARIABLES)[number], string> {
  const httpProxy = `http://127.0.0.1:${http}`;
  const socksProxy = `socks5h://127.0.0.1:${socks}`;
  const direct = 'localhost,127.0.0.1,::1';
  return {
    SANDBOX_RUNTIME: '1',
    TMPDIR: '/tmp',
    HTTP_PROXY: httpProxy,
    http_proxy: httpProxy,
    HTTPS_PROXY: httpProxy,
    https_proxy: httpProxy,
    ALL_PROXY: socksProxy,
    all_proxy: socksProxy,
    NO_PROXY: direct,
    no_proxy: direct,
    /* Without it fetch and http of Node itself ignore all of the above (Node 22.21, 24.5). */
    NODE_USE_ENV_PROXY: '1',
  };
}
