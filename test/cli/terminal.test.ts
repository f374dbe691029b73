import { accessSync } from 'node:fs';
import { SRT, SRT_ALONE } from '../support/srt.ts';
import { onTerminal, SCRIPT } from '../support/terminal.ts';

/* A shell that is not interactive drops PS1, so it is set where the interactive one starts. */
const SHELL = `env 'PS1=prompt$ ' bash --norc -i`;
const SRT_LINE = `${SRT} --`;

beforeAll(() => accessSync(SCRIPT));

describe.each([
  ['without srt', ''],
  ['with srt', `${SRT_LINE} `],
  ['with srt without its front', `${SRT_ALONE} -- `],
])('on a terminal %s', (_name, prefix) => {
  test('Ctrl-C reaches the command once, and it can go on', async () => {
    const trap = `sh -c 'trap "echo caught" INT; echo ready; sleep 3; sleep 1; echo "end $?"'`;
    const shown = await onTerminal(`${prefix}${trap}`, [['ready', '\x03']]);
    expect(shown.match(/caught/g)).toEqual(['caught']);
    expect(shown).toContain('end 0');
  });

  test('Ctrl-C ends a command that does not handle it', async () => {
    const shown = await onTerminal(SHELL, [
      ['prompt$ ', `${prefix}sh -c 'echo rea""dy; exec sleep 30'\n`],
      ['ready', '\x03'],
      ['prompt$ ', 'echo "status $?"; exit\n'],
    ]);
    expect(shown).toContain('status 130');
  });

  test('Ctrl-Z stops it, the shell sees that, and fg goes on', async () => {
    const shown = await onTerminal(SHELL, [
      ['prompt$ ', `${prefix}sh -c 'echo rea""dy; sleep 1; echo do""ne'\n`],
      ['ready', '\x1a'],
      ['Stopped', 'fg\n'],
      ['done', 'exit\n'],
    ]);
    expect(shown).toContain('Stopped');
  });

  test('an interactive shell has job control and /dev/tty', async () => {
    const shown = await onTerminal(`${prefix}${SHELL}`, [
      ['prompt$ ', 'sleep 30 &\n'],
      ['prompt$ ', 'fg %1\n'],
      ['sleep 30', '\x03'],
      ['prompt$ ', 'echo "to the tty" > /dev/tty; kill %1 2>/dev/null; exit 7\n'],
    ]);
    expect(shown).toContain('to the tty');
    expect(shown).not.toContain('no job control');
  });
});

/* With a terminal the command stays in srt's process group, which is the user's shell's too. */
describe('kill of its process group', () => {
  const KILL = `kill -TERM 0 && echo killed || echo refused`;
  /* The shell that script(1) starts is in the group as well. */
  const IGNORE = 'trap "" TERM;';

  test('is refused inside, where the group is not its own', async () => {
    expect(await onTerminal(`${IGNORE} ${SRT_LINE} sh -c '${KILL}'`, [])).toContain('refused');
  });

  test('works outside: the control', async () => {
    expect(await onTerminal(`${IGNORE} sh -c '${KILL}'`, [])).toContain('killed');
  });
});
