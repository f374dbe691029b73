/* Threat: standard input, output and error are the caller's and stay open. A folder there is a way
 * into the host's file tree, and a network socket one into its network (it can be disconnected and
 * connected again), so srt does not start with such a stream. */

import { type CountingServer, datagramServer, streamServer } from '../support/servers.ts';
import { run, SRT } from '../support/srt.ts';

const SRT_LINE = [SRT];

describe('a folder as a standard stream', () => {
  /* What the command prints goes to descriptor 3, which is not the one that is replaced. */
  const withFolder = (stream: number, line: readonly string[]) =>
    run(['bash', '-c', `exec 3>&2; exec ${stream}</usr; "$@" 2>&3`, 'bash', ...line]);

  test.each([
    [0, 'input'],
    [1, 'output'],
  ])('%i (standard %s) is refused', async (stream) => {
    const inside = await withFolder(stream, [...SRT_LINE, 'true']);
    expect(inside.code).toBe(125);
    expect(inside.stderr).toContain('a standard stream is a directory');
    expect((await withFolder(stream, ['true'])).code).toBe(0);
  });

  test('2 (standard error) is refused', async () => {
    const line = ['bash', '-c', 'exec 2</usr; exec "$@"', 'bash'];
    expect((await run([...line, ...SRT_LINE, 'true'])).code).toBe(125);
    expect((await run([...line, 'true'])).code).toBe(0);
  });
});

describe('a socket of the network as standard input', () => {
  const servers: Record<string, CountingServer> = {};
  beforeAll(async () => {
    servers.tcp = await streamServer({ address: '127.0.0.1' });
    servers.udp = await datagramServer();
  });
  afterAll(async () => {
    for (const server of Object.values(servers)) await server.close();
  });

  test.each(['tcp', 'udp'])('%s is refused', async (protocol) => {
    const address = `/dev/${protocol}/127.0.0.1/${servers[protocol]?.port}`;
    const line = ['bash', '-c', 'exec 0<>"$0"; exec "$@"', address];
    const inside = await run([...line, ...SRT_LINE, 'true']);
    expect(inside.code).toBe(125);
    expect(inside.stderr).toContain("a standard stream is a socket of the host's network");
    expect((await run([...line, 'true'])).code).toBe(0);
  });

  test('what programs commonly have, one end of a Unix stream pair, is accepted', async () => {
    /* That is what Node makes for 'pipe'; the peer of a pair is fixed. */
    const { code, stdout } = await run([...SRT_LINE, 'stat', '-Lc', '%F', '/proc/self/fd/0']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'socket\n' });
  });
});
