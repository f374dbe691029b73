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
    const attacked = await srt(['-s', settings, '--', ...attack('.mcp.json')], options);
    expect(attacked).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(inside, '.mcp.json'))).toBe(false);
    /* Both kinds of calls were made. */
    expect(attacked.stdout).toMatch(/^made [1-9]\d* refused [1-9]\d*\n$/);
    await srt(['-s', settings, '--', ...attack('other.json')], options);
    expect(existsSync(join(inside, 'other.json'))).toBe(true);
    await run(attack('.mcp.json'), { cwd: outside });
    expect(existsSync(join(outside, '.mcp.json'))).toBe(true);
  },
);
