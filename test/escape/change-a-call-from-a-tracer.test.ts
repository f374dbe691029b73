/* Threat: a tracer changes the call of its tracee after somebody looked at it: the path in memory, the
 * register that points to it, the number of the call, when it begins or at any time. What was decided
 * about is what is done. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { isX64, requires } from '../support/requires.ts';
import { ROOT, run, type Scratch, scratch, srt } from '../support/srt.ts';

const TRACED = isX64 ? buildC(join(ROOT, 'test', 'support', 'traced.c'), 'cc', ['-static']) : null;
const compiled = requires('a C compiler on x64', TRACED !== null);

let dir: Scratch;
let inside: string;
let outside: string;
beforeEach(() => {
  dir = scratch();
  [inside, outside] = [dir.folder('inside'), dir.folder('outside')];
});
afterEach(() => dir.remove());

compiled.each(['memory', 'register', 'number', 'meanwhile'])(
  'by the %s, no protected name is made',
  async (how) => {
    const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
    const attack = (name: string) => [TRACED ?? '', 'change', how as string, name];
    const options = { cwd: inside, timeout: 60_000 };
    await untilTrue(async () => {
      const attacked = await srt(['-s', settings, '--', ...attack('.mcp.json')], options);
      expect(attacked).toMatchObject({ code: 0, stderr: '' });
      expect(existsSync(join(inside, '.mcp.json'))).toBe(false);
      /* Both kinds of calls were made. */
      return /^made [1-9]\d* refused [1-9]\d*\n$/.test(attacked.stdout);
    });
    await untilTrue(async () => {
      await srt(['-s', settings, '--', ...attack('other.json')], options);
      return existsSync(join(inside, 'other.json'));
    });
    await untilTrue(async () => {
      await run(attack('.mcp.json'), { cwd: outside });
      return existsSync(join(outside, '.mcp.json'));
    });
  },
);

/** What changes memory at any time has to hit the right moment, which it may miss for long. */
async function untilTrue(attack: () => Promise<boolean>): Promise<void> {
  let hit = false;
  for (let tries = 0; tries < 20 && !hit; tries++) hit = await attack();
  expect(hit).toBe(true);
}
