import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledNames } from '../../../src/compile/names/compile-names.ts';
import { handedOverEvent } from '../../../src/supervisor/handed-over.ts';
import type { ReportedChange } from '../../../src/supervisor/init-messages.ts';

/* The other half: what stands there is `(NO_RULE - 1)`, and NO_RULE is all ones. */
const header = readFileSync(join(__dirname, '../../../native/files/telling.h'), 'utf8');
const unnamed = (name: string) =>
  0xffff_ffff - Number(new RegExp(`${name} \\(NO_RULE - (\\d)\\)`).exec(header)?.[1]);

const names: CompiledNames = {
  encoded: Buffer.alloc(0),
  rules: [
    { setting: 'filesystem.denyWrite', typed: 'x', where: null },
    { name: 'example', within: 'tree', paths: ['x'], reason: 'example runs it' },
  ],
  required: true,
};

const change = (rule: number | null): ReportedChange => ({
  ...{ times: 1, pid: 7, command: 'sh', operation: 'create', errno: 0, rule },
  ...{ asked: 'x', path: '/p/x' },
});

test.each([
  [1, 'example', 'example runs it'],
  [unnamed('OUTWARD_LINK'), 'outward-link', expect.stringContaining('leads to')],
  [unnamed('MOVED_FOLDER'), 'moved-folder', expect.stringContaining('brought')],
])('rule %i is %s', (rule, by, reason) => {
  expect(handedOverEvent(names, 1, change(rule))).toEqual({
    ...{ type: 'handed-over', operation: 'create', path: '/p/x', by, reason },
    process: { pid: 7, command: 'sh' },
  });
});

test('what nothing is known of is a number', () => {
  expect(handedOverEvent(names, 3, null)).toEqual({ type: 'handed-over-more', times: 3 });
});

test.each([null, 0, 2])('rule %s is none that is told by', (rule) => {
  expect(() => handedOverEvent(names, 1, change(rule))).toThrow('no name');
});
