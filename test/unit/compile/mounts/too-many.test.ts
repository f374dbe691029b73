import type { Mount } from '../../../../src/compile/mounts/plan-mounts.ts';
import { refuseTooMany } from '../../../../src/compile/mounts/too-many.ts';
import type { PathRule } from '../../../../src/policy/path-rules.ts';

const ROOM = 60_000;

const mount = (at: number): Mount => ({ op: 'mask-file', path: `/f${at}` });
const rule = (at: number): PathRule => ({
  list: 'denyRead',
  path: `/f${at}`,
  source: {
    setting: 'filesystem.denyRead',
    typed: `/f${at}`,
    where: `settings.json:${at + 1}:1`,
  },
});

function refused(mounts: number, rules: number): unknown {
  const numbers = (length: number) => Array.from({ length }, (_, at) => at);
  try {
    refuseTooMany(numbers(mounts).map(mount), numbers(rules).map(rule));
    return null;
  } catch (error) {
    return error;
  }
}

test('as many as there is room for are kept', () => {
  expect(refused(ROOM, ROOM)).toBeNull();
});

test.each([
  [
    'the first rule that there is no room for',
    ROOM + 2,
    `"/f${ROOM}" (settings.json:${ROOM + 1}:1)`,
  ],
  ['the last rule, where others than rules fill the room', 10, '"/f9" (settings.json:10:1)'],
])('of more, %s is named', (_, rules, named) => {
  expect(refused(ROOM + 2, rules)).toMatchObject({
    code: 'SRT_COMPILE_UNENFORCEABLE',
    message: expect.stringContaining(`filesystem.denyRead ${named} is one path too many`),
  });
});
