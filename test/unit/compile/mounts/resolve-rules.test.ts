import { resolveRules } from '../../../../src/compile/mounts/resolve-rules.ts';
import type { PathFact } from '../../../../src/host/paths.ts';
import type { PathRule } from '../../../../src/policy/path-rules.ts';
import { builtIn, refusal, rule } from '../../rules.ts';

const folder = (real: string, ...links: string[]): PathFact => ({ kind: 'directory', real, links });
const file = (real: string, ...links: string[]): PathFact => ({ kind: 'file', real, links });
const missing = (real: string, ...links: string[]): PathFact => ({ kind: 'missing', real, links });
const unreachable = (errno: string): PathFact => ({ kind: 'unreachable', errno });

/** Each rule with the fact about its path; a folder in its own place when none is given. */
function resolve(...given: (PathRule | [PathRule, PathFact])[]) {
  return resolveWhere(false, ...given);
}

function resolveWhere(standIns: boolean, ...given: (PathRule | [PathRule, PathFact])[]) {
  const pairs = given.map((entry) =>
    Array.isArray(entry) ? entry : ([entry, folder(entry.path)] as const),
  );
  const facts = new Map(pairs.map(([{ path }, fact]) => [path, fact]));
  return resolveRules(
    pairs.map(([given]) => given),
    { facts, patterns: [], standIns },
  );
}

const paths = (rules: readonly PathRule[]) => rules.map(({ list, path }) => `${list} ${path}`);

test('a rule is about the object that its path leads to', () => {
  const { rules, notices } = resolve(
    [rule('allowWrite', '/home/me/link'), folder('/data/project')],
    [rule('denyRead', '/home/me/key'), file('/vault/key')],
    [builtIn('private', '/tmp'), folder('/private/tmp')],
  );
  expect(paths(rules)).toEqual([
    'allowWrite /data/project',
    'denyRead /vault/key',
    'private /private/tmp',
  ]);
  expect(rules[0]?.source.typed).toBe('/home/me/link');
  expect(notices).toEqual([]);
});

test('a path that nobody looked up is a fault of srt, not of the user', () => {
  expect(() =>
    resolveRules([rule('denyRead', '/a')], { facts: new Map(), patterns: [], standIns: false }),
  ).toThrow('no fact about /a');
});

describe('a path that does not exist', () => {
  const name = (list: string, path: string) => `filesystem.${list} "${path}" (settings.json:1:1)`;

  test('cannot be written', () => {
    expect(resolve([rule('allowWrite', '/a'), missing('/a')])).toMatchObject({
      rules: [],
      notices: [`${name('allowWrite', '/a')} does not exist, so it cannot be written`],
    });
  });

  test('but can when it lies in another write root, and nothing is said', () => {
    const { notices } = resolve(rule('allowWrite', '/w'), [
      rule('allowWrite', '/w/build'),
      missing('/w/build'),
    ]);
    expect(notices).toEqual([]);
  });

  test('cannot be denied: the notice says so', () => {
    expect(resolve([rule('denyRead', '/a'), missing('/a')])).toMatchObject({
      rules: [],
      notices: [
        `${name('denyRead', '/a')} does not exist; should it appear while the command runs, it is readable`,
      ],
    });
  });

  test('cannot appear in the private folder, and nothing is said', () => {
    const given = [rule('denyRead', '/tmp/a'), missing('/tmp/a')] as const;
    expect(resolve(builtIn('private', '/tmp'), [...given]).notices).toEqual([]);
  });

  test('can be denied in a write root, where something stands in for it', () => {
    const root = rule('allowWrite', '/w');
    const denied = (path: string) =>
      [rule('denyRead', path), missing(path)] as [PathRule, PathFact];
    expect(resolveWhere(true, root, denied('/w/a')).notices).toEqual([]);
    expect(resolveWhere(true, root, denied('/a')).notices).toHaveLength(1);
    expect(resolveWhere(false, root, denied('/w/a')).notices).toHaveLength(1);
  });

  test('need not be shown', () => {
    expect(resolve([rule('allowRead', '/a'), missing('/a')])).toMatchObject({
      rules: [],
      notices: [],
    });
  });

  test('need not be protected where nothing can be written', () => {
    const given = [rule('denyWrite', '/a'), missing('/a')] as [PathRule, PathFact];
    expect(resolve(given, rule('allowWrite', '/w'))).toMatchObject({ notices: [] });
  });

  test.each([
    ['in a write root', '/w/.env', '/w/.env'],
    ['deep in one', '/w/not/there/yet', '/w/not/there/yet'],
    ['by a link into one', '/link/.env', '/w/.env'],
  ])('is denied by its name %s', (_what, typed, real) => {
    const deny = rule('denyWrite', typed);
    const { rules, nameless } = resolve(rule('allowWrite', '/w'), [deny, missing(real)]);
    expect(paths(rules)).toEqual(['allowWrite /w']);
    expect(paths(nameless)).toEqual([`denyWrite ${real}`]);
  });

  test('needs no protection inside what is protected, or private', () => {
    const { notices } = resolve(
      rule('allowWrite', '/w'),
      rule('denyWrite', '/w/.git'),
      [rule('denyWrite', '/w/.git/hooks'), missing('/w/.git/hooks')],
      builtIn('private', '/tmp'),
      [rule('denyWrite', '/tmp/x'), missing('/tmp/x')],
    );
    expect(notices).toEqual([]);
  });

  test('of a built-in credential store goes unmentioned', () => {
    expect(resolve([builtIn('denyRead', '/home/me/.aws'), missing('/home/me/.aws')])).toEqual({
      rules: [],
      nameless: [builtIn('denyRead', '/home/me/.aws')],
      notices: [],
    });
  });

  /* The next run would load what this one wrote. */
  test("of srt's own settings in a write root is protected all the same", () => {
    const settings = '/home/me/.srt-settings.json';
    const deny = builtIn('denyWrite', settings);
    const { nameless } = resolve(rule('allowWrite', '/home/me'), [deny, missing(settings)]);
    expect(nameless).toEqual([deny]);
  });
});

describe('a path that leads through a symbolic link', () => {
  test.each([
    'allowRead',
    'allowWrite',
  ] as const)('which the command could replace grants nothing: %s', (list) => {
    for (const fact of [folder('/data/x', '/w/x'), missing('/data/x', '/data/y', '/w/x')]) {
      const error = refusal(() => resolve(rule('allowWrite', '/w'), [rule(list, '/w/x'), fact]));
      expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
      expect(error.message).toContain('leads through the symbolic link "/w/x", which the command');
    }
  });

  test.each(['denyRead', 'denyWrite'] as const)('is denied itself along with it: %s', (list) => {
    const given = [rule(list, '/w/x'), folder('/data/x', '/w/x')] as const;
    const { rules, nameless } = resolve(rule('allowWrite', '/w'), [...given]);
    expect(paths(rules)).toEqual(['allowWrite /w', `${list} /data/x`]);
    expect(paths(nameless)).toEqual(['denyWrite /w/x']);
  });

  test.each([
    ['where nothing can be written', []],
    ['in a folder that is denied for writing', [rule('denyWrite', '/w/a')]],
    ['in the private folder', [builtIn('private', '/w/a')]],
  ])('%s is followed', (_what, rules) => {
    const given = [rule('denyRead', '/w/a/x'), folder('/data/x', '/w/a/x')] as const;
    const root = rules.length > 0 ? [rule('allowWrite', '/w')] : [];
    expect(paths(resolve(...root, ...rules, [...given]).rules)).toContain('denyRead /data/x');
  });
});

describe('a path that cannot be reached', () => {
  test.each(['EACCES', 'ELOOP', 'ENOTDIR', 'ENOENT'])('grants nothing: %s', (errno) => {
    const { rules } = resolve(
      [rule('allowWrite', '/a'), unreachable(errno)],
      [rule('allowRead', '/b'), unreachable(errno)],
    );
    expect(rules).toEqual([]);
  });

  /* The command may make it reachable: chmod its folder, or put a folder in the file's place. */
  test.each([
    ['denyWrite', 'ENOTDIR'],
    ['denyWrite', 'ELOOP'],
    ['denyRead', 'EACCES'],
  ] as const)('in a write root, %s (%s) is not passed over in silence', (list, errno) => {
    const act = () => {
      const { notices } = resolve(rule('allowWrite', '/w'), [
        rule(list, '/w/x'),
        unreachable(errno),
      ]);
      if (notices.length > 0) throw new Error(notices.join());
    };
    expect(act).toThrow('/w/x');
  });
});

/* Settings from a pipe: `srt -s <(...)`. The sandbox has a /dev and a /proc of its own. */
test.each(['/dev/fd/63', '/proc/self/fd/63'])('%s needs no protection even under /', (path) => {
  const given = [builtIn('denyWrite', path), unreachable('ENOENT')] as const;
  expect(resolve(rule('allowWrite', '/'), [...given]).notices).toEqual([]);
});

describe("the kernel's own files", () => {
  test.each([
    '/proc',
    '/proc/sys',
    '/sys',
    '/sys/class/leds',
    '/dev',
    '/dev/sda',
  ])('cannot be made writable: %s', (path) => {
    const error = refusal(() => resolve(rule('allowWrite', path)));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain("would open the kernel's own files to the command");
  });

  test('nor by a link to them', () => {
    const error = refusal(() => resolve([rule('allowWrite', '/home/me/p'), folder('/proc/1')]));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  });

  test.each(['/proc', '/dev'])('cannot be hidden whole: %s', (path) => {
    const error = refusal(() => resolve(rule('denyRead', path)));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.hint).toContain('below it');
  });

  test.each([
    '/sys',
    '/proc/cpuinfo',
    '/dev/kvm',
    '/processes',
    '/devices',
  ])('can be hidden: %s', (path) => {
    expect(paths(resolve(rule('denyRead', path)).rules)).toEqual([`denyRead ${path}`]);
  });

  test.each([
    '/dev/null',
    '/dev/tty',
    '/dev/stdout',
    '/dev/fd/1',
    '/dev/shm',
    '/dev/pts/0',
  ])('are writable in every sandbox, so that listing them changes nothing: %s', (path) => {
    expect(resolve([rule('allowWrite', path), file('/elsewhere')])).toEqual({
      rules: [],
      nameless: [],
      notices: [],
    });
  });

  test('/dev/nullx is not /dev/null', () => {
    expect(refusal(() => resolve(rule('allowWrite', '/dev/nullx'))).code).toBe(
      'SRT_COMPILE_UNENFORCEABLE',
    );
  });
});
