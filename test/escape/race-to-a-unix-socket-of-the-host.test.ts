/* Threat: whoever judges a connect(2) looks first. Another thread puts another address, another
 * descriptor or another name in the place of what was seen, thousands of times. */
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

interface Reached {
  own: number;
  host: number;
}

/** How many connections its own socket took, and the one of the host. */
async function race(how: string, confined: boolean, own = 'own'): Promise<Reached> {
  /* Without a write root nothing is decided by name, and nobody makes the exchange wait. */
  const filesystem = own.startsWith('/tmp/') ? {} : { allowWrite: [`${dir.path}/work`] };
  const settings = dir.settings({ filesystem });
  const argv = [String(RACE), how, own, `${dir.path}/socket`, String(ROUNDS)];
  const options = { cwd: `${dir.path}/work`, timeout: 60_000 };
  const before = await countedAt(`${dir.path}/socket`, server);
  const ended = confined ? srt(['-s', settings, '--', ...argv], options) : run(argv, options);
  const { stdout, stderr, code } = await ended;
  if (code !== 0) throw new Error(`race-connect ended with ${code}: ${stdout}${stderr}`);
  const reachedOwn = Number(/^own (\d+)\n/.exec(stdout)?.[1]);
  const after = await countedAt(`${dir.path}/socket`, server);
  return { own: reachedOwn, host: after - before - 1 };
}

/* Outside all rounds may be over before the other thread had its turn.
 * Where the own socket is one of two, it is reached: the exchange does happen. */
compiled.each([
  ['address', true],
  ['family', false],
  ['descriptor', false],
  ['name', true],
  ['swap', true],
])('an exchange of the %s leads nowhere else', async (how: unknown, reachesOwn: unknown) => {
  const inside = await race(how as string, true);
  expect({ host: inside.host, own: inside.own > 0 }).toEqual({ host: 0, own: reachesOwn });
  let outside = 0;
  for (let tries = 0; tries < 50 && outside === 0; tries++)
    outside = (await race(how as string, false)).host;
  expect(outside).toBeGreaterThan(0);
});

/* What was bound inside may be connected to: so a socket of the host must not pass for one. */
compiled.each(['own', `/tmp/srt-race-${process.pid}`])(
  'an exchange of the folder of a bind(2), of %s, does not make it an own one',
  async (own: unknown) => {
    const inside = await race('bind', true, own as string);
    expect({ host: inside.host, bound: inside.own > 0 }).toEqual({ host: 0, bound: true });
    expect((await race('bind', false, own === 'own' ? 'outside' : 'outside-2')).host).toBe(ROUNDS);
  },
);
