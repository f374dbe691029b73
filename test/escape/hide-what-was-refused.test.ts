/* Threat: code that tries what it may not do goes on unseen, names somebody else for it, or writes over
 * what was said of it with the control characters of a name. */
import type { SandboxEvent } from '../../src/events.ts';
import { createSandbox } from '../../src/index.ts';
import { requires } from '../support/requires.ts';
import { type Scratch, scratch, srt } from '../support/srt.ts';
import { TRY_SYSCALL } from '../support/try-syscall.ts';
import { DIST, ENVIRONMENT, policyOf } from './support/set-up.ts';

type Denied = Extract<SandboxEvent, { type: 'denied' }>;

const HOOK = '.git/hooks/pre-commit';
const at = (name: string) => `-100:'${name}`;

/** The act, and what is said of it; "@" is the folder of the project. */
const ACTS: readonly (readonly [act: string, said: Partial<Denied>])[] = [
  [`openat:${at(HOOK)}:1`, { operation: 'open', rule: 'git-hooks' }],
  [`openat:${at('free/../.mcp.json')}:0101:0644`, { operation: 'create', path: '@/.mcp.json' }],
  [`mkdirat:${at('link/.husky')}:0755`, { operation: 'mkdir', path: '@/free/.husky' }],
  [`mknodat:${at('.mcp.json')}:0010644:0`, { operation: 'mknod', path: '@/.mcp.json' }],
  [`symlinkat:'x:${at('free/.mcp.json')}`, { operation: 'symlink', path: '@/free/.mcp.json' }],
  [`linkat:${at('free/x')}:${at('.mcp.json')}:0`, { operation: 'link', path: '@/.mcp.json' }],
  [`linkat:${at(HOOK)}:${at('free/y')}:0`, { operation: 'link', rule: 'git-hooks' }],
  [`renameat2:${at('free/x')}:${at('.mcp.json')}:0`, { operation: 'rename', path: '@/.mcp.json' }],
  [`unlinkat:${at(HOOK)}:0`, { operation: 'unlink', rule: 'git-hooks' }],
  [`truncate:'${HOOK}:0`, { operation: 'truncate', rule: 'git-hooks' }],
  [`fchmodat:${at(HOOK)}:0755`, { operation: 'chmod', rule: 'git-hooks' }],
  ['pair-bind:free/.mcp.json', { operation: 'bind', path: '@/free/.mcp.json' }],
];

let dir: Scratch;
let work: string;
beforeEach(() => {
  dir = scratch();
  work = dir.folder('work');
  dir.file(`work/${HOOK}`);
  dir.file('work/free/x');
});
afterEach(() => dir.remove());

async function denials(argv: readonly string[]): Promise<Denied[]> {
  const seen: Denied[] = [];
  const sandbox = await createSandbox(policyOf({ allowWrite: ['.'] }, work), {
    cwd: work,
    dist: DIST,
    environment: ENVIRONMENT,
    sink: (event) => {
      if (event.type === 'denied') seen.push(event);
    },
  });
  await sandbox.run(argv, () => {});
  return seen;
}

requires('a C compiler', TRY_SYSCALL !== null)(
  'each refusal says who, what, where, why',
  async () => {
    await denials(['ln', '-s', 'free', 'link']);
    const seen = await denials([TRY_SYSCALL ?? '', ...ACTS.map(([act]) => act)]);
    const place = (text: string | undefined) => text?.replace('@', work);
    const expected = ACTS.map(([, said]) =>
      expect.objectContaining({
        ...said,
        ...('path' in said ? { path: place(said.path) } : { path: `${work}/${HOOK}` }),
        asked: expect.stringMatching(/./),
        process: { pid: expect.any(Number), command: 'try-syscall' },
        errno: 'EACCES',
        times: 1,
      }),
    );
    expect(seen).toEqual(expected);
    /* Every call was made by a process of its own. */
    expect(new Set(seen.map((event) => event.process?.pid)).size).toBe(ACTS.length);
  },
);

test('what is repeated is counted', async () => {
  const seen = await denials([
    'sh',
    '-c',
    'for i in $(seq 500); do true > .mcp.json; done 2> /dev/null',
  ]);
  expect(seen[0]).toMatchObject({ path: `${work}/.mcp.json`, times: 1 });
  expect(seen.reduce((sum, { times }) => sum + times, 0)).toBe(500);
  expect(seen.length).toBeLessThan(250);
});

test('names with control characters are escaped for a terminal', async () => {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const name = '\u001b[2J\u009b31m\rx\n\u202e.code-workspace';
  const script = `process.title = '\\u001b[31m'; try { require('fs').mkdirSync(${JSON.stringify(name)}); } catch {}`;
  const args = ['--debug', '-s', settings, '--', process.execPath, '-e', script];
  const { stderr } = await srt(args, { cwd: work });
  const line = stderr.split('\n').find((text) => text.includes('denied mkdir')) ?? '';
  expect(line).toContain('\\u001b[2J\\u009b31m\\rx\\n\\u202e.code-workspace');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
});
