import type { Environment } from '../host/facts.ts';

export interface ProxyPorts {
  http: number;
  socks: number;
}

/* They name descriptors that are closed. */
const DROPPED = [
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'LISTEN_FDS',
  'LISTEN_PID',
  'LISTEN_FDNAMES',
];

/* The variables by which one program or another is told of a proxy, which cannot be reached from
 * inside, and whose URL may hold a corporate proxy's password. */
const PROXY =
  /^((.+_)?(https?|all|ftp|socks[45]?|rsync|grpc|wss?|no)_proxy|npm_config_(no)?proxy|pip_proxy|cloudsdk_proxy_.+)$/i;

/** The command's environment: the caller's, with the temporary folder and the proxies of the
 * sandbox. */
export function compileEnvironment(caller: Environment, ports: ProxyPorts): Environment {
  const environment = new Map(caller);
  for (const name of DROPPED) environment.delete(name);
  for (const name of caller.keys()) if (PROXY.test(name)) environment.delete(name);
  for (const [name, value] of Object.entries(variables(ports))) {
    environment.set(name, Buffer.from(`${name}=${value}`));
  }
  return environment;
}

function variables({ http, socks }: ProxyPorts): Record<string, string> {
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
