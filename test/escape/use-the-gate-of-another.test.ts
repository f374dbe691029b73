/* Threat: whoever reaches a proxy uses its rules. The gate of one sandbox listens in that sandbox's
 * network namespace alone: not on the host, not in another sandbox. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type HttpServer, httpServer } from '../support/servers.ts';
import { type Scratch, SRT, scratch } from '../support/srt.ts';
import { BLOCKED, connectTo, converse, verdict } from './support/gate-client.ts';

const HOLD = `
console.log(JSON.stringify(['HTTP_PROXY', 'ALL_PROXY'].map((name) => Number(new URL(process.env[name]).port))));
process.stdin.resume();
`;

describe('the gate of a running sandbox', () => {
  let dir: Scratch;
  let server: HttpServer;
  let holder: ChildProcess;
  let ports: number[];
  let before: string[];
  const errors = async (numbers: readonly number[]) =>
    converse(
      numbers.map((to) => ({ to, send: '\x05\x01\x00' })),
      null,
    );

  beforeAll(async () => {
    dir = scratch();
    server = await httpServer('server');
    /* What the host itself has at these ports is not srt's. */
    before = await errors([3128, 1080]);
    const settings = dir.settings({ network: { allowedDomains: ['127.0.0.1'] } });
    const line = ['-s', settings, process.execPath, '-e', HOLD];
    holder = spawn(SRT, line, { stdio: ['pipe', 'pipe', 'inherit'] });
    const [printed] = await once(holder.stdout as NodeJS.ReadableStream, 'data');
    ports = JSON.parse(String(printed)) as number[];
  });
  afterAll(async () => {
    holder.stdin?.end();
    await once(holder, 'close');
    await server.close();
    dir.remove();
  });

  test('lets its own command through: the control', async () => {
    const options = ['-s', dir.settings({ network: { allowedDomains: ['127.0.0.1'] } })];
    const [answer] = await converse([connectTo(`127.0.0.1:${server.port}`)], options);
    expect(verdict(answer)).toBe('reached server');
  });

  test('is not there for an unconfined process', async () => {
    expect(ports).toEqual([3128, 1080]);
    expect(await errors(ports)).toEqual(before);
    expect(holder.exitCode).toBe(null);
  });

  test('is not there for another sandbox, which meets its own', async () => {
    const seen = server.requests.length;
    const [proxy = 0] = ports;
    const talks = [{ ...connectTo(`127.0.0.1:${server.port}`), to: proxy }];
    const [answer] = await converse(talks, ['-s', dir.settings({})]);
    expect(verdict(answer)).toBe(BLOCKED);
    expect(server.requests.length).toBe(seen);
  });
});
