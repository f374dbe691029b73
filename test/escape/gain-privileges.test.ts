/* Threat: a capability that was left, or one that a set-user-ID program brings back. Whatever the
 * command was started as, it has none and can get none. */
import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { isRoot, requires } from '../support/requires.ts';
import { scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';

const PROBE = `
const status = require('node:fs').readFileSync('/proc/self/status', 'utf8');
print(Object.fromEntries(status.split('\\n').map((line) => line.split(':\\t'))));
`;

const SETS = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];

describe('the rights of the command', () => {
  let inside: Record<string, string>;
  let outside: Record<string, string>;
  beforeAll(async () => {
    inside = await evaluate(PROBE, null, { srt: [] });
    outside = await evaluate(PROBE, null, { srt: null });
  });

  test.each(SETS)('%s is empty', (set) => {
    expect(inside[set]).toMatch(/^0{16}$/);
  });

  test('the bounding set is not empty outside: the control', () => {
    expect(outside.CapBnd).not.toMatch(/^0*$/);
  });

  test('it can gain no privileges, and is filtered', () => {
    expect(inside).toMatchObject({ NoNewPrivs: '1', Seccomp: '2' });
    expect(outside).toMatchObject({ NoNewPrivs: '0' });
  });

  test('it is the caller, and nobody else', () => {
    const uid = process.getuid?.();
    expect(inside.Uid).toBe([uid, uid, uid, uid].join('\t'));
    expect(inside.Uid).toBe(outside.Uid);
    expect(inside.Gid).toBe(outside.Gid);
  });
});

requires('root', isRoot)('a set-user-ID program gives nobody its rights', async () => {
  const NOBODY = 65534;
  const dir = scratch();
  const program = `${dir.path}/print-id`;
  copyFileSync('/usr/bin/id', program);
  chownSync(program, NOBODY, NOBODY);
  chmodSync(program, 0o4755);
  const script =
    "print(require('node:child_process').execFileSync(input, ['-u'], { encoding: 'utf8' }).trim())";
  expect(await evaluate(script, program, { srt: null })).toBe(String(NOBODY));
  expect(await evaluate(script, program, { srt: [] })).toBe('0');
  dir.remove();
});
