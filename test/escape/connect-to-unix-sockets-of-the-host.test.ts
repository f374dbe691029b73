/* Threat: docker.sock, D-Bus, systemd, ssh-agent: a socket with a path reaches a process of the
 * host through a read-only mount, and "systemd-run --user" is then code outside. Until connections
 * are mediated by path there are no such sockets at all. */
import { requires } from '../support/requires.ts';
import { type CountingServer, streamServer } from '../support/servers.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutside } from '../support/try-syscall.ts';
import { evaluate } from './support/node-script.ts';

const CONNECT = `
const socket = require('node:net').connect(input);
socket.on('connect', () => { print('ok'); socket.destroy(); });
socket.on('error', (error) => print(error.code));
`;
const LISTEN = `
const server = require('node:net').createServer().listen(input);
server.on('listening', () => { print('ok'); server.close(); });
server.on('error', (error) => print(error.code));
`;

describe('a Unix socket of the host', () => {
  let dir: Scratch;
  const servers: CountingServer[] = [];
  const places: Record<string, string> = {};
  beforeAll(async () => {
    dir = scratch();
    places.path = `${dir.path}/socket`;
    places.abstract = `\0srt-test-${process.pid}`;
    places.own = `${dir.folder('work')}/socket`;
    for (const path of Object.values(places)) servers.push(await streamServer({ path }));
  });
  afterAll(async () => {
    for (const server of servers) await server.close();
    dir.remove();
  });

  test.each(['path', 'abstract', 'own'])('by %s is not reached', async (kind) => {
    const settings = dir.settings({ filesystem: { allowWrite: [`${dir.path}/work`] } });
    const reached = () => servers.reduce((sum, server) => sum + server.count(), 0);
    const before = reached();
    expect(await evaluate(CONNECT, places[kind], { srt: ['-s', settings] })).toBe('EACCES');
    expect(reached()).toBe(before);
    expect(await evaluate(CONNECT, places[kind], { srt: null })).toBe('ok');
    expect(reached()).toBe(before + 1);
  });

  test('is not made in a write root either', async () => {
    const settings = dir.settings({ filesystem: { allowWrite: [`${dir.path}/work`] } });
    const path = `${dir.path}/work/new`;
    expect(await evaluate(LISTEN, path, { srt: ['-s', settings] })).toBe('EACCES');
    expect(await evaluate(LISTEN, path, { srt: null })).toBe('ok');
  });

  const compiled = requires('a C compiler', TRY_SYSCALL !== null);

  /* A pair is allowed, and its ends are sockets too: they must not lead anywhere else. */
  describe('by one end of a pair', () => {
    const [STREAM, DGRAM, SEQPACKET] = [1, 2, 5];
    let inside: Record<string, Outcome>;
    let outside: Record<string, Outcome>;
    const call = (type: number) => `pair-connect:${type}:${places.path}`;
    beforeAll(async () => {
      if (!TRY_SYSCALL) return;
      const calls = [call(STREAM), call(SEQPACKET), call(DGRAM)];
      inside = await tryInside(calls);
      outside = await tryOutside(calls);
    });

    /* EPROTOTYPE: it was looked up, and the server is a stream. */
    compiled.each([
      [STREAM, 'EISCONN'],
      [SEQPACKET, 'EPROTOTYPE'],
    ])('of type %i is not reached', (type: number, errno: string) => {
      expect(inside[call(type)]).toBe(errno);
    });

    /* A datagram end may be sent anywhere, so there is none. */
    compiled('of datagrams is not reached', () => {
      expect({ inside: inside[call(DGRAM)], outside: outside[call(DGRAM)] }).toEqual({
        inside: 'EACCES',
        outside: 'EPROTOTYPE',
      });
    });
  });
});
