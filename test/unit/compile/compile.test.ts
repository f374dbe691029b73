import { compileLaunch } from '../../../src/compile/compile.ts';
import type { HostFacts } from '../../../src/host/facts.ts';
import type { PathFact } from '../../../src/host/paths.ts';
import type { PathRule } from '../../../src/policy/path-rules.ts';
import { builtIn, refusal, rule } from '../rules.ts';

/** A machine on which every path is a folder in its own place. */
function compile(paths: PathRule[], cwd: string) {
  const facts: HostFacts = {
    uid: 1000,
    gid: 100,
    cwd,
    bubblewrap: { path: '/usr/bin/bwrap', version: '0.8.0' },
    helper: '/opt/srt/srt-init',
    rootLinks: new Map(),
    paths: new Map(
      paths.map(({ path }): [string, PathFact] => [
        path,
        { kind: 'directory', real: path, links: [] },
      ]),
    ),
  };
  return compileLaunch({ paths, domains: [], settingsFile: 's.json' }, facts, new Map());
}

function mountOf(path: string, options: readonly string[]): string[] {
  const at = options.lastIndexOf(path);
  return at === -1 ? [] : options.slice(at - 2, at + 1);
}

test('a plan names the programs, the ids, the ports and the environment', () => {
  const plan = compile([], '/work');
  expect(plan).toMatchObject({
    bubblewrap: '/usr/bin/bwrap',
    helper: '/opt/srt/srt-init',
    uid: 1000,
    gid: 100,
    cwd: '/work',
    ports: { http: 3128, socks: 1080 },
    notices: [],
  });
  expect(plan.environment.get('HTTP_PROXY')?.toString()).toBe('HTTP_PROXY=http://127.0.0.1:3128');
});

describe('the working directory', () => {
  const tmp = builtIn('private', '/tmp');

  test('below the private /tmp is shown, read-only', () => {
    const { options } = compile([tmp], '/tmp/project');
    expect(mountOf('/tmp/project', options)).toEqual(['--ro-bind', '/tmp/project', '/tmp/project']);
  });

  test('there is writable when a rule says so', () => {
    const { options } = compile([tmp, rule('allowWrite', '/tmp/project')], '/tmp/project');
    expect(mountOf('/tmp/project', options)).toEqual(['--bind', '/tmp/project', '/tmp/project']);
  });

  test('/tmp itself stays private', () => {
    expect(compile([tmp], '/tmp').options.filter((option) => option === '/tmp')).toHaveLength(1);
  });

  test.each([
    ['itself', '/work'],
    ['with what is above it', '/'],
  ])('denied %s is refused', (_what, denied) => {
    const error = refusal(() => compile([rule('denyRead', denied)], '/work'));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain('the working directory /work is denied');
    expect(error.hint).toContain('filesystem.allowRead');
  });

  test('in a denied folder is fine where it is re-opened', () => {
    const paths = [rule('denyRead', '/'), rule('allowRead', '/work')];
    expect(mountOf('/work', compile(paths, '/work').options)).toEqual([
      '--ro-bind',
      '/work',
      '/work',
    ]);
  });

  test('below a /tmp that the user denies is refused as anywhere else', () => {
    const error = refusal(() => compile([tmp, rule('denyRead', '/tmp')], '/tmp/project'));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  });
});
