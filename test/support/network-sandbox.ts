/* Commands in a sandbox whose names the test resolves: no name of the tests is known to any
 * resolver, and none is asked. */
import { join } from 'node:path';
import type { SandboxEvent } from '../../src/events.ts';
import type { Environment } from '../../src/host/facts.ts';
import { createSandbox } from '../../src/sandbox.ts';
import { loadText } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { toPolicy } from '../../src/settings/to-policy.ts';
import { ROOT } from './srt.ts';

export interface Ran {
  code: number;
  stdout: string;
  events: SandboxEvent[];
  /** The names that were resolved. */
  resolved: string[];
}

export interface NetworkSandbox {
  network: Settings['network'];
  filesystem?: Settings['filesystem'];
  /** Addresses by name; any other name does not exist. */
  names?: Readonly<Record<string, readonly string[]>>;
  cwd?: string;
  environment?: Readonly<Record<string, string>>;
}

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];

/** As a program has it that was never told of a proxy. */
export const WITHOUT_PROXIES = [
  'env',
  ...[...PROXY_VARIABLES, ...PROXY_VARIABLES.map((name) => name.toLowerCase())].flatMap((name) => [
    '-u',
    name,
  ]),
  ...['-u', 'NODE_USE_ENV_PROXY'],
];

function environmentOf(values: Readonly<Record<string, string>>): Environment {
  return new Map(
    Object.entries(values).map(([name, value]) => [name, Buffer.from(`${name}=${value}`)]),
  );
}

/** Runs a command with empty standard input; its output is what it printed on standard output. */
export async function runInside(given: NetworkSandbox, argv: readonly string[]): Promise<Ran> {
  const { network = {}, filesystem = {}, names = {}, cwd = ROOT, environment = {} } = given;
  const loaded = loadText(JSON.stringify({ network, filesystem }), 'settings.json');
  const policy = toPolicy(loaded, { home: '/nonexistent', cwd, protect: [] });
  const events: SandboxEvent[] = [];
  const resolved: string[] = [];
  const sandbox = await createSandbox(policy, {
    cwd,
    dist: join(ROOT, 'dist'),
    environment: environmentOf({ PATH: process.env.PATH ?? '', HOME: '/tmp', ...environment }),
    sink: (event) => events.push(event),
    resolve: async (name) => {
      resolved.push(name);
      const found = names[name];
      if (found) return [...found];
      throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' });
    },
  });
  const output: Buffer[] = [];
  const { code } = await sandbox.run(argv, (chunk) => output.push(chunk));
  return { code: code ?? -1, stdout: Buffer.concat(output).toString('utf8'), events, resolved };
}
