import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { GO } from '../../../src/supervisor/frames.ts';
import { bundleText } from '../bundled.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
let program: string;
beforeAll(() => {
  dir = temporary();
  program = `${dir.path}/with-timeout`;
  execFileSync('cc', ['-o', program, `${__dirname}/with-timeout.c`]);
});
afterAll(() => dir.remove());

/* A process of its own: this one cannot have a socket that its event loop does not know. It says each
 * step on standard output, and waits for a word on standard input where the test has to do something. */
const PRELUDE = `
const module0 = { exports: {} };
new Function('module', 'exports', 'require', ${JSON.stringify(
  bundleText('src/supervisor/inherited-channel.ts'),
)})(module0, module0.exports, require);
const { readSync, writeSync } = require('node:fs');
const say = (text) => writeSync(1, text + '\\n');
const wait = () => readSync(0, Buffer.alloc(1));
const { channel, ended } = module0.exports.inheritedChannel(5);
ended.then(() => say('ended'));
const read = (last) => channel.read((bytes) => { say('got ' + bytes); return String(bytes) !== last; });
say('ready');
`;

interface Given {
  other: Socket;
  go(): void;
  /** The next line that it says. */
  said(): Promise<string>;
  exited: Promise<unknown>;
}

let running: ChildProcess | null = null;
afterEach(() => running?.kill('SIGKILL'));

async function given(script: string): Promise<Given> {
  const file = dir.file('script.cjs', PRELUDE + script);
  const nothing = 'ignore' as const;
  const stdio = ['pipe', 'pipe', 'inherit', nothing, nothing, 'pipe'] as const;
  const child = spawn(program, [process.execPath, file], { stdio: [...stdio] });
  running = child;
  const lines = linesOf(child.stdout as Readable);
  const said = async () => (await lines.next()).value as string;
  expect(await said()).toBe('ready');
  const other = (child.stdio as unknown[])[5] as Socket;
  other.on('error', () => {});
  return { other, said, go: () => child.stdin?.write('.'), exited: once(child, 'exit') };
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of stream) {
    const lines = (held + chunk).split('\n');
    held = lines.pop() ?? '';
    yield* lines;
  }
}

test('says GO before anything else', async () => {
  const { other, exited } = await given('process.exit();');
  expect((await once(other, 'data'))[0]).toEqual(GO);
  await exited;
});

test('what is there already comes at once, and what follows when it comes', async () => {
  const { other, go, said } = await given("wait(); read(); say('on');");
  await new Promise<void>((resolve) => other.write('first', () => resolve()));
  go();
  expect([await said(), await said()]).toEqual(['got first', 'on']);
  other.write('second');
  expect(await said()).toBe('got second');
  other.end();
  expect(await said()).toBe('ended');
});

test('nobody waits for what may come much later', async () => {
  const { other, said } = await given("read(); say('on');");
  expect(await said()).toBe('on');
  other.end('late');
  expect([await said(), await said()]).toEqual(['got late', 'ended']);
});

test('after what matters last nothing is read', async () => {
  const { other, go, said, exited } = await given("wait(); read('last'); say('on'); wait();");
  await new Promise<void>((resolve) => other.write('last', () => resolve()));
  go();
  expect([await said(), await said()]).toEqual(['got last', 'on']);
  other.write('more');
  go();
  await exited;
  expect(await said()).toBeUndefined();
});

test('an end that is there already is one', async () => {
  const { other, go, said } = await given("wait(); read(); say('on');");
  await new Promise<void>((resolve) => other.end('word', () => resolve()));
  go();
  expect([await said(), await said(), await said()]).toEqual(['got word', 'on', 'ended']);
});

test('writes before anything is read, and later', async () => {
  const { other, said, exited } = await given(
    "channel.write('a'); read(); channel.write('b'); setTimeout(() => process.exit(), 50);",
  );
  const received: Buffer[] = [];
  for await (const bytes of other) received.push(bytes as Buffer);
  await exited;
  expect(Buffer.concat(received).toString()).toBe(`${GO.toString()}ab`);
  expect(await said()).toBeUndefined();
});

test.each(['', 'read();'])('destroyed, it ends the other side: %j', async (before) => {
  const script = `${before} channel.destroy(); channel.write('for nobody'); setTimeout(() => {}, 60000);`;
  const { other, said } = await given(script);
  expect(await said()).toBe('ended');
  const received: Buffer[] = [];
  for await (const bytes of other) received.push(bytes as Buffer);
  expect(Buffer.concat(received)).toEqual(GO);
});
