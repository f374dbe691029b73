import { SrtError } from '../../../src/errors.ts';
import { CREDENTIAL_STORES } from '../../../src/policy/credential-stores.ts';
import { loadText } from '../../../src/settings/load.ts';
import type { Settings } from '../../../src/settings/settings.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { refusal } from '../rules.ts';

const context = { home: '/home/me', cwd: '/work/project', protect: [] as string[] };

function policyOf(settings: Settings, overrides: Partial<typeof context> = {}) {
  return toPolicy(loadText(JSON.stringify(settings), 's.json'), { ...context, ...overrides });
}

type List = 'denyRead' | 'allowRead' | 'allowWrite' | 'denyWrite';

/** The path that the one entry of a list becomes. */
function pathOf(
  entry: string | { path: string; literal: true },
  list: List = 'allowWrite',
): string | undefined {
  const { paths } = policyOf({ filesystem: { [list]: [entry] } });
  return paths.find(({ source }) => source.where !== null)?.path;
}

describe('a path', () => {
  test.each([
    ['/a/b', '/a/b'],
    ['/', '/'],
    ['//', '/'],
    ['/a/', '/a'],
    ['/a///', '/a'],
    ['/a//b/./c/../d', '/a/b/d'],
    ['/..', '/'],
    ['.', '/work/project'],
    ['./', '/work/project'],
    ['..', '/work'],
    ['../..', '/'],
    ['sub', '/work/project/sub'],
    ['./sub/', '/work/project/sub'],
    ['../other', '/work/other'],
    ['~', '/home/me'],
    ['~/', '/home/me'],
    ['~/x', '/home/me/x'],
    ['~/../you', '/home/you'],
    ['./~', '/work/project/~'],
    ['./~name', '/work/project/~name'],
    ['a~b', '/work/project/a~b'],
    ['/~', '/~'],
    ['/a/**', '/a'],
    ['~/**', '/home/me'],
    ['./**', '/work/project'],
    ['sub/**', '/work/project/sub'],
    ['$HOME/x', '/work/project/$HOME/x'],
    [' ', '/work/project/ '],
    ['/with space/é', '/with space/é'],
    ['/new\nline', '/new\nline'],
  ])('%j means %s', (typed, path) => {
    expect(pathOf(typed)).toBe(path);
  });

  test.each([
    ['/a/*.txt', '/a/*.txt'],
    ['/a/**', '/a/**'],
    ['[id].ts', '/work/project/[id].ts'],
    ['{a,b}', '/work/project/{a,b}'],
    ['what?', '/work/project/what?'],
    ['~/x*', '/home/me/x*'],
  ])('literal %j means %s', (path, absolute) => {
    expect(pathOf({ path, literal: true })).toBe(absolute);
  });

  test.each([
    ['/a/*', '/a', 1],
    ['*', '/work/project', 1],
    ['**/.env', '/work/project', 2],
    ['/a/**/b', '/a', 2],
    ['/a/b?', '/a', 1],
    ['../x[bc]/d', '/work', 2],
    ['~/*', '/home/me', 1],
  ])('%s is a pattern of what is below %s', (typed, base, segments) => {
    for (const list of ['denyRead', 'allowRead', 'allowWrite', 'denyWrite'] as const) {
      const { paths, patterns } = policyOf({ filesystem: { [list]: [typed] } });
      expect(paths.filter(({ source }) => source.typed === typed)).toEqual([]);
      expect(patterns.map((p) => [p.list, p.base, p.rest.length])).toEqual([
        [list, base, segments],
      ]);
    }
  });

  test.each([
    ['/**', ['/']],
    ['**', ['/work/project']],
    ['/a/**/', ['/a']],
    ['/a/{b,c}', ['/a/b', '/a/c']],
    ['/a/\\*{b,c}', ['/a/*b', '/a/*c']],
    ['/a/{id}', ['/a/{id}']],
  ])('%s is paths: %j', (typed, expected) => {
    const { paths, patterns } = policyOf({ filesystem: { denyWrite: [typed] } });
    expect(patterns).toEqual([]);
    expect(paths.filter(({ source }) => source.typed === typed).map(({ path }) => path)).toEqual(
      expected,
    );
  });

  test.each([['~you'], ['~you/x'], ['~root'], ['~*']])('%s is refused', (typed) => {
    const error = refusal(() => pathOf(typed));
    expect(error.message).toBe(
      `s.json:1:30: the path ${JSON.stringify(typed)} names another user by ~`,
    );
  });

  test.each(['a\0b', '\0', '/a/b\0'])('%j contains a NUL byte and is refused', (typed) => {
    for (const entry of [typed, { path: typed, literal: true } as const]) {
      expect(refusal(() => pathOf(entry)).message).toMatch(/contains a NUL byte$/);
    }
  });
});

describe('what srt brings itself', () => {
  test('a private /tmp, unreadable credential stores and caches, even without settings', () => {
    const { paths, domains } = policyOf({});
    expect(domains).toEqual([]);
    expect(paths.map(({ list, path }) => `${list} ${path}`)).toEqual([
      'private /tmp',
      ...CREDENTIAL_STORES.map(([store]) => `denyRead /home/me/${store}`),
      'denyRead /home/me/.cache/srt',
    ]);
    expect(paths.every(({ source }) => source.where === null)).toBe(true);
  });

  test('its own files stay as they are', () => {
    const { paths } = policyOf({}, { protect: ['/opt/x/../srt', '/home/me/.srt-settings.json'] });
    const kept = paths.filter(({ list }) => list === 'denyWrite');
    expect(kept.map(({ path }) => path)).toEqual(['/opt/srt', '/home/me/.srt-settings.json']);
  });

  test.each([
    ['/home/me/'],
    ['/home//me'],
    ['/home/you/../me'],
    ['/home/./me'],
  ])('a home folder spelled %s', (home) => {
    const { paths } = policyOf({ filesystem: { allowWrite: ['~/x'] } }, { home });
    expect(paths.find(({ path }) => path.endsWith('.ssh'))?.path).toBe('/home/me/.ssh');
    expect(paths.at(-1)?.path).toBe('/home/me/x');
  });

  /* HOME can be anything; a relative store would deny a path below the working directory. */
  test.each(['', '.', 'me', '../me'])('never relative to a home folder %j', (home) => {
    let paths: readonly { path: string }[] = [];
    try {
      paths = policyOf({}, { home }).paths;
    } catch (error) {
      expect(error).toBeInstanceOf(SrtError);
    }
    expect(paths.filter(({ path }) => !path.startsWith('/'))).toEqual([]);
  });

  test('the stores of another home of the same user too', () => {
    const loaded = loadText('{"filesystem": {"allowRead": ["~/.aws"]}}', 's.json');
    const { paths } = toPolicy(loaded, { ...context, otherHomes: ['/root', '/'] });
    const denied = paths.filter(({ list }) => list === 'denyRead').map(({ path }) => path);
    expect(denied).toHaveLength(3 * (CREDENTIAL_STORES.length + 1));
    expect(denied).toEqual(expect.arrayContaining(['/home/me/.ssh', '/root/.ssh', '/.ssh']));
    expect(denied.filter((path) => path.includes('//'))).toEqual([]);
  });

  test('the root folder as home', () => {
    const { paths } = policyOf({ filesystem: { allowWrite: ['~/x', '~'] } }, { home: '/' });
    expect(paths.find(({ path }) => path.endsWith('.ssh'))?.path).toBe('/.ssh');
    expect(paths.slice(-2).map(({ path }) => path)).toEqual(['/x', '/']);
  });
});

describe('rules', () => {
  test('know where they came from', () => {
    const text =
      '{\n "filesystem": {"denyRead": ["~/a", {"path": "b*", "literal": true}]},\n' +
      ' "network": {"allowedDomains": ["Example.com:443"]}}';
    const { paths, domains, settingsFile } = toPolicy(loadText(text, 's.json'), context);
    expect(settingsFile).toBe('s.json');
    expect(paths.slice(-2)).toEqual([
      {
        list: 'denyRead',
        path: '/home/me/a',
        source: { setting: 'filesystem.denyRead', typed: '~/a', where: 's.json:2:30' },
      },
      {
        list: 'denyRead',
        path: '/work/project/b*',
        source: { setting: 'filesystem.denyRead', typed: 'b*', where: 's.json:2:37' },
      },
    ]);
    expect(domains).toEqual([
      {
        list: 'allowedDomains',
        hosts: { kind: 'name', name: 'example.com' },
        ports: [{ first: 443, last: 443 }],
        source: {
          setting: 'network.allowedDomains',
          typed: 'Example.com:443',
          where: 's.json:3:33',
        },
      },
    ]);
  });

  test.each([
    [{ allowedDomains: ['*.com'] }, '1:31: "*.com" would allow a whole top-level domain; name at'],
    [{ allowedDomains: ['ok.example', 'http://a.example'] }, '1:44: "http://a.example" is a URL'],
    [{ deniedDomains: ['10.0.0.1/8'] }, '1:30: "10.0.0.1/8" has bits beyond its prefix; the netw'],
  ])('%j is refused', (network, message) => {
    const error = refusal(() => policyOf({ network }));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toContain(`s.json:${message}`);
  });

  test('of the existing srt mean what they meant', () => {
    const { paths, domains } = policyOf({
      network: {
        allowedDomains: ['example.com', '*.example.com'],
        deniedDomains: ['x.example.com'],
      },
      filesystem: {
        denyRead: ['~/.ssh'],
        allowWrite: ['.', '/tmp', 'build/**'],
        denyWrite: ['.env', '~/work/'],
      },
    });
    expect(domains.map(({ list, source }) => `${list} ${source.typed}`)).toEqual([
      'deniedDomains x.example.com',
      'allowedDomains example.com',
      'allowedDomains *.example.com',
    ]);
    const own = paths.filter(({ source }) => source.where !== null);
    expect(own.map(({ list, path }) => `${list} ${path}`)).toEqual([
      'denyRead /home/me/.ssh',
      'allowWrite /work/project',
      'allowWrite /tmp',
      'allowWrite /work/project/build',
      'denyWrite /work/project/.env',
      'denyWrite /home/me/work',
    ]);
  });
});
