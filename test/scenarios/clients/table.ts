/* The table clients x {allowed, refused, no such host}: every client as it is, without any proxy
 * variable, asks for a host that is allowed, one that is not, and one that is allowed and does not
 * exist. The names of the tests are the printed table. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runInside, WITHOUT_PROXIES } from '../../support/network-sandbox.ts';
import { requires } from '../../support/requires.ts';
import { ROOT, run } from '../../support/srt.ts';

export const CLIENTS = join(ROOT, 'test', 'scenarios', 'clients');
/** The system's: what a package of the distribution brings is found by no other. */
export const PYTHON = '/usr/bin/python3';

export interface Client {
  /** A program that it needs: a path, or a name in PATH; null when it cannot be built. */
  needs: string | null;
  /** Whether what it needs besides the program is there too. */
  complete?: boolean;
  /** What to call that which it needs. */
  called?: string;
  /** Too large to be promised anywhere: tried where it is at hand. */
  huge?: true;
  argv(host: string, port: number): readonly string[];
  /** What it prints of an answer, where that is not the answer itself. */
  said?: RegExp;
  /** Its exit status when it reached the server, where that is not 0, and when it did not. */
  reachedStatus?: number;
  failedStatus: number;
  /** What it says of a host that is refused, and of one that does not exist. */
  refused: RegExp;
  missing: RegExp;
  /** It takes names alone, and outside there are none. */
  insideAlone?: true;
}

/** A server on loopback of the host. */
export interface Origin {
  port: number;
  /** All that arrived: the proof of what the gate let through. */
  requests: unknown[];
  close(): unknown;
}

export const nodeScript = (script: string) => (url: string) => [
  process.execPath,
  '-e',
  script,
  url,
];
/** What most clients take. */
export const byUrl =
  (argv: (url: string) => readonly string[], scheme = 'http') =>
  (host: string, port: number) =>
    argv(`${scheme}://${host}:${port}`);

export function inPath(program: string): boolean {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export function hasRequests(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import requests'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What getaddrinfo(3) of glibc says, in the words of Python and bash. */
export const GLIBC = {
  refused: /Temporary failure in name resolution/,
  missing: /Name or service not known/,
};

const NAMES = { 'named.test': ['127.0.0.1'], 'unlisted.test': ['127.0.0.1'] };
/* The address is listed because it is one of this machine, to which a name alone does not lead. */
const NETWORK = { allowedDomains: ['named.test', 'missing.test', '127.0.0.1'] };

/** With both streams in one: clients complain on standard error. */
const merged = (argv: readonly string[]) => ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv];

/** Time enough for the slowest of the clients on a machine that has more to do. */
const SLOW = 60_000;

export function askInside(argv: readonly string[]) {
  const words = [...WITHOUT_PROXIES, ...merged(argv)];
  return runInside({ network: NETWORK, names: NAMES }, words);
}

/** In the environment that the sandboxes of the tests have. */
export async function askOutside(argv: readonly string[]) {
  const env = { PATH: process.env.PATH ?? '', HOME: '/tmp' };
  return run(merged(argv), { env, cwd: '/', timeout: SLOW });
}

/** A row for each client, with the server that they ask. */
export function clientTable(
  title: string,
  clients: Readonly<Record<string, Client>>,
  start: () => Promise<Origin>,
): void {
  describe(title, () => {
    let server: Origin;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.close());
    beforeEach(() => {
      server.requests.length = 0;
    });
    for (const [name, client] of Object.entries(clients))
      describe(name, () => clientRow(name, client, () => server));
  });
}

function clientRow(name: string, client: Client, server: () => Origin): void {
  jest.setTimeout(SLOW);
  const { reachedStatus = 0, failedStatus, refused, missing } = client;
  const present = client.needs !== null && inPath(client.needs) && client.complete !== false;
  const needed = client.called ?? client.needs ?? `a compiler for ${name}`;
  const test_ = client.huge && !present ? test.skip : requires(needed, present);

  test_('allowed: reached as outside', async () => {
    const said = client.said ?? /reached named/;
    const inside = await askInside(client.argv('named.test', server().port));
    expect(inside).toMatchObject({ stdout: expect.stringMatching(said), code: reachedStatus });
    expect(inside.events).toContainEqual(
      expect.objectContaining({ type: 'connected', protocol: 'transparent', host: 'named.test' }),
    );
    const seen = server().requests.splice(0).length;
    expect(seen).toBeGreaterThan(0);
    if (client.insideAlone) return;
    const outside = await askOutside(client.argv('127.0.0.1', server().port));
    expect(outside).toMatchObject({ stdout: expect.stringMatching(said), code: reachedStatus });
    expect(server().requests).toHaveLength(seen);
  });

  test_(`refused: ${refused}, status ${failedStatus}`, async () => {
    const ran = await askInside(client.argv('unlisted.test', server().port));
    expect(ran).toMatchObject({ stdout: expect.stringMatching(refused), code: failedStatus });
    expect(ran.resolved).toEqual([]);
    const reason = 'not-allowed';
    expect(ran.events).toContainEqual(
      expect.objectContaining({ type: 'refused', protocol: 'dns', host: 'unlisted.test', reason }),
    );
    expect(server().requests).toEqual([]);
  });

  test_(`no such host: ${missing}, status ${failedStatus}`, async () => {
    const ran = await askInside(client.argv('missing.test', server().port));
    expect(ran).toMatchObject({ stdout: expect.stringMatching(missing), code: failedStatus });
    expect(ran.resolved).toContain('missing.test');
    expect(ran.events.filter(({ type }) => type === 'refused')).toEqual([]);
    expect(server().requests).toEqual([]);
  });
}
