/* srt for macOS on a terminal, of which the command gets what is typed and not the terminal. */
import { type FakeMac, fakeMac } from '../../../support/mac.ts';
import { onTerminal } from '../../../support/terminal.ts';

let mac: FakeMac;
beforeAll(async () => {
  mac = await fakeMac();
});
afterAll(() => mac.remove());

/** A shell line that starts srt with this script. */
const line = (script: string) =>
  mac
    .line(['sh', '-c', script])
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(' ');

const SHELL = `env 'PS1=prompt$ ' bash --norc -i`;

test('what is typed and printed passes, line by line, to its end', async () => {
  const shown = await onTerminal(line('echo ready; cat; echo "status $?" >&2'), [
    ['ready', 'one\n'],
    ['one\r\none', '\x04'],
  ]);
  expect(shown).toBe('ready\none\none\nstatus 0\n');
});

test('no descriptor of the command is the terminal, and it has no other', async () => {
  const script =
    'for fd in 0 1 2; do test -t $fd && echo "fd $fd is one"; done; (: < /dev/tty) || echo none; ps -o tty= -p $$';
  const shown = await onTerminal(line(script), []);
  expect(shown).toMatch(/^sh: .*\/dev\/tty.*\nnone\n\?\s*\n$/);
});

test('the control: without srt all of them are', async () => {
  const shown = await onTerminal(`sh -c 'for fd in 0 1 2; do test -t $fd && echo $fd; done'`, []);
  expect(shown).toBe('0\n1\n2\n');
});

test('what was printed before the end is shown, however much', async () => {
  const shown = await onTerminal(line('seq 1 100000; echo last'), []);
  expect(shown.length).toBe(588_895 + 5);
  expect(shown.endsWith('100000\nlast\n')).toBe(true);
});

test('Ctrl-C is for all processes of the command', async () => {
  const handler = `import signal, sys, time
signal.signal(signal.SIGINT, lambda *_: (print("child", flush=True), sys.exit()))
print("ready", flush=True)
time.sleep(20)`;
  const script = `trap "echo parent" INT; python3 -c '${handler}' & wait; wait`;
  const shown = await onTerminal(line(script), [['ready', '\x03']]);
  expect(shown.match(/child|parent/g)?.sort()).toEqual(['child', 'parent']);
});

test('Ctrl-C ends a command that does not handle it', async () => {
  const shown = await onTerminal(SHELL, [
    ['prompt$ ', `${line('echo rea""dy; exec sleep 30')}\n`],
    ['ready', '\x03'],
    ['prompt$ ', 'echo "status $?"; exit\n'],
  ]);
  expect(shown).toContain('status 130');
});

test('Ctrl-Z stops all of it, the shell sees that, and fg goes on', async () => {
  const script = 'echo rea""dy; for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done; echo fin""ished';
  /* The shell's only job is srt, whose child is the keeper, whose child is the command. */
  const states = 'j=$(jobs -p); k=$(pgrep -P $j); ps -o stat= -p $j -p $(pgrep -P $k)';
  const shown = await onTerminal(SHELL, [
    ['prompt$ ', `${line(script)}\n`],
    ['ready', '\x1a'],
    ['Stopped', `${states} | cut -c1 | xargs echo states:\n`],
    ['states: T T', 'fg\n'],
    ['finished', ''],
    ['prompt$ ', 'exit\n'],
  ]);
  expect(shown).toContain('states: T T\n');
});
