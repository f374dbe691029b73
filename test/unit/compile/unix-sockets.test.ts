import { compileUnixSockets, warnOfHidden } from '../../../src/compile/unix-sockets.ts';
import { writableBy } from '../../../src/compile/writable-by.ts';
import type { PathFact } from '../../../src/host/paths.ts';
import type { PathRule } from '../../../src/policy/path-rules.ts';
import { builtIn, refusal, rule } from '../rules.ts';

const file = (real: string, links: string[] = []): PathFact => ({ kind: 'file', real, links });

function compile(path: string, fact: PathFact, rules: PathRule[] = []) {
  const source = { setting: 'network.allowUnixSockets', typed: path, where: 's.json:1:1' };
  const input = {
    sockets: [{ path, source }],
    facts: new Map([[path, fact]]),
    homes: ['/home/me'],
  };
  const compiled = compileUnixSockets({ ...input, isWritable: writableBy(rules, []) });
  return { ...compiled, hidden: warnOfHidden(compiled.entries, rules) };
}

const NAME = (path: string) => `network.allowUnixSockets "${path}" (s.json:1:1)`;

test('a socket is known by its real path, and variables may say either', () => {
  const { paths, spellings, notices, hidden } = compile('/a/socket', file('/b/socket', ['/a']));
  expect(paths).toEqual(['/b/socket']);
  expect(spellings).toEqual(['/a/socket', '/b/socket']);
  expect([notices, hidden]).toEqual([[], []]);
});

test('one that is not there yet has the path that it would have', () => {
  const fact: PathFact = { kind: 'missing', real: '/run/late', links: ['/var/run'] };
  expect(compile('/var/run/late', fact)).toMatchObject({ paths: ['/run/late'], notices: [] });
});

test('one that cannot be reached opens nothing, and is said', () => {
  const { paths, spellings, notices } = compile('/x/s', { kind: 'unreachable', errno: 'EACCES' });
  expect(paths).toEqual([]);
  expect(notices).toEqual([`${NAME('/x/s')} cannot be reached (EACCES), so it opens nothing`]);
  expect(spellings).toEqual(['/x/s']);
});

test('what it gives away is said once', () => {
  const { notices } = compile('/var/run/docker.sock', file('/run/docker.sock', ['/var/run']));
  expect(notices).toEqual([
    `${NAME('/var/run/docker.sock')} gives away Docker: root on this machine, outside of the sandbox`,
  ]);
});

test('a wide entry says the worst of what it gives away', () => {
  const { notices } = compile('/', { kind: 'directory', real: '/', links: [] });
  expect(notices).toEqual([expect.stringMatching(/ gives away Docker: .*; and \d+ more$/)]);
});

test('a link that the command could replace is refused', () => {
  const rules = [rule('allowWrite', '/work')];
  const error = refusal(() => compile('/work/link', file('/run/s', ['/work/link']), rules));
  expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  expect(error.message).toContain('leads through the symbolic link "/work/link"');
});

test('one in a write root can be exchanged for its neighbours', () => {
  const rules = [rule('allowWrite', '/work')];
  expect(compile('/work/s', file('/work/s'), rules).notices).toEqual([
    expect.stringContaining('can put another socket from there in its place'),
  ]);
});

test.each([
  [
    '/home/me/.gnupg/x',
    [rule('denyRead', '/home/me/.gnupg')],
    'filesystem.denyRead "/home/me/.gnupg"',
  ],
  ['/tmp/s', [builtIn('private', '/tmp')], "/tmp, which is the sandbox's own"],
])('%s is hidden by a rule, which is named', (path, rules, by) => {
  const { hidden } = compile(path, file(path), rules);
  expect(hidden).toHaveLength(1);
  expect(hidden[0]).toContain(`${NAME(path)} is hidden from the command by ${by}`);
  const shown = [...rules, rule('allowRead', path)];
  expect(compile(path, file(path), shown).hidden).toEqual([]);
});
