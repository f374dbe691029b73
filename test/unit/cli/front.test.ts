import { closeSync, openSync } from 'node:fs';
import { takeFront } from '../../../src/cli/front.ts';
import { refusal } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

const NODE = '/usr/bin/node';

test.each([
  [[NODE, '/opt/srt/dist/srt.cjs', '1,2,3,4,5', 'true']],
  [[NODE, '/opt/srt/dist/not-start.cjs', 'true']],
  [[NODE]],
])('no front: %j', (argv) => {
  const before = [...argv];
  expect(takeFront(argv)).toBeNull();
  expect(argv).toEqual(before);
});

test.each([
  [[]],
  [['true']],
  [['1,2,3']],
  [['1,2,3,4,5,6']],
  [['1,2,3,4,x']],
  [['']],
])('start.cjs by anybody else is a mistake: %j', (words) => {
  const { code } = refusal(() => takeFront([NODE, '/opt/srt/dist/start.cjs', ...words]));
  expect(code).toBe('SRT_USAGE');
});

test('takes the descriptors off the arguments, and the environment as the caller has it', () => {
  const file = dir.file('environ', Buffer.from('A=1\0NODE_OPTIONS=--x\0A=2\0B=\xff\0', 'latin1'));
  const fd = openSync(file, 'r');
  const argv = [NODE, '/opt/srt/dist/start.cjs', `10,11,12,13,${fd}`, '10,11,12,13,14', 'x'];
  const front = takeFront(argv);
  closeSync(fd);
  expect(argv).toEqual([NODE, '/opt/srt/dist/start.cjs', '10,11,12,13,14', 'x']);
  expect(front?.prestarted).toMatchObject({ control: 10, ipc: 11, start: 12 });
  expect(
    [...(front?.environment ?? [])].map(([name, text]) => [name, text.toString('latin1')]),
  ).toEqual([
    ['A', 'A=1'],
    ['NODE_OPTIONS', 'NODE_OPTIONS=--x'],
    ['B', 'B=\xff'],
  ]);
});
