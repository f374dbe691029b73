/* Threat: whoever judges a connect(2) looks first. Another thread puts another address, another
 * descriptor or another name in the place of what was seen, thousands of times. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { requires } from '../support/requires.ts';
import { type CountingServer, countedAt, streamServer } from '../support/servers.ts';
import { ROOT, run, type Scratch, scratch, srt } from '../support/srt.ts';

const RACE = buildC(join(ROOT, 'test', 'support', 'race-connect.c'), 'cc', ['-static', '-pthread']);
const ROUNDS = 4000;

const compiled = requires('a C compiler', RACE !== null);

let dir: Scratch;
let server: CountingServer;
beforeAll(async () => {
  dir = scratch();
  dir.folder('work');
  server = await streamServer({ path: `${dir.path}/socket` });
});
afterAll(async () => {
  await server.close();
  dir.remove();
});

/** Exchanges the folder of a bind(2) from outside, as a second sandbox in the same folder can, while a
 * server of the host is gone and there again. Returns what ends that, with the server there. */
function exchangeFolder(own: string, socket: string, cwd: string): () => Promise<void> {
  const argv = ['folder', own, socket, '0'];
  const exchange = spawn(String(RACE), argv, { cwd, stdio: ['pipe', 'ignore', 'inherit'] });
  const gone = once(exchange, 'exit');
  return async () => {
    exchange.stdin.end();
    expect(await gone).toEqual([0, null]);
  };
}

interface Reached {
  own: number;
  host: number;
}

/** How many connections its own socket took, and the one of the host. */
async function race(
  how: string,
  confined: boolean,
  { own = 'own', names = 'mediate' } = {},
): Promise<Reached> {
  const [work, socket] = [`${dir.path}/work`, `${dir.path}/socket`];
  const settings = dir.settings({ filesystem: { allowWrite: [work], names } });
  const argv = [String(RACE), how, own, socket, String(ROUNDS)];
  const env = { ...process.env, XDG_STATE_HOME: `${dir.path}/state` };
  const options = { cwd: work, env, timeout: 60_000 };
  const before = await countedAt(socket, server);
  const stop = how === 'bind' ? exchangeFolder(own, socket, work) : async () => {};
  const ended = confined ? srt(['-s', settings, '--', ...argv], options) : run(argv, options);
  const { stdout, stderr, code } = await ended.finally(stop);
  if (code !== 0) throw new Error(`race-connect ended with ${code}: ${stdout}${stderr}`);
  const reachedOwn = Number(/^own (\d+)\n/.exec(stdout)?.[1]);
  const after = await countedAt(socket, server);
  return { own: reachedOwn, host: after - before - 1 };
}

/* Outside all rounds may be over before the other thread had its turn.
 * Where the own socket is one of two, it is reached: the exchange does happen.
 * Where mounts keep the names, nobody makes an exchange of names wait for what is looked at. */
compiled.each([
  ['address', 'mediate', true],
  ['family', 'mediate', false],
  ['descriptor', 'mediate', false],
  ['name', 'mediate', true],
  ['swap', 'mediate', true],
  ['name', 'mount', true],
  ['swap', 'mount', true],
])('an exchange of the %s (%s) leads nowhere else', async (...row: unknown[]) => {
  const [how, names, reachesOwn] = row as [string, string, boolean];
  const inside = await race(how, true, { names });
  expect({ host: inside.host, own: inside.own > 0 }).toEqual({ host: 0, own: reachesOwn });
  let outside = 0;
  for (let tries = 0; tries < 50 && outside === 0; tries++) outside = (await race(how, false)).host;
  expect(outside).toBeGreaterThan(0);
});

/* What was bound inside may be connected to: so a socket of the host must not pass for one. */
compiled('an exchange of the folder of a bind(2) does not make it an own one', async () => {
  for (const own of ['own', 'outside']) dir.folder(`work/${own}.folder`);
  const inside = await race('bind', true);
  expect({ host: inside.host, bound: inside.own > 0 }).toEqual({ host: 0, bound: true });
  expect((await race('bind', false, { own: 'outside' })).host).toBeGreaterThan(0);
});
