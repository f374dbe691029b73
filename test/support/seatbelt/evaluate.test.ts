import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allows, decide, READINGS, readProfile } from './evaluate.ts';
import type { Request } from './filters.ts';
import { parse } from './parse.ts';

/* What they have in common they would have wrong together. */
test('the evaluator shares nothing with what makes the profiles, nor with the policy', () => {
  const files = readdirSync(__dirname).filter((name) => !name.endsWith('.test.ts'));
  let count = 0;
  for (const name of files) {
    const text = readFileSync(join(__dirname, name), 'utf8');
    const imported = [...text.matchAll(/\b(?:from|import\(|require\()\s*['"]([^'"]+)['"]/g)];
    for (const [, module = ''] of imported) expect(module).toMatch(/^\.\/[a-z]+\.ts$/);
    count += imported.length;
  }
  expect(count).toBeGreaterThan(3);
});

const string = (value: string) => ({ kind: 'string', value });

describe('reading', () => {
  test('lists, symbols, strings, numbers and comments', () => {
    expect(parse('(a* ; (not "this)\n  "b" 1)\n;c\n()')).toEqual([
      {
        kind: 'list',
        items: [{ kind: 'symbol', name: 'a*' }, string('b'), { kind: 'number', value: 1 }],
      },
      { kind: 'list', items: [] },
    ]);
  });

  test.each([
    ['"a b"', 'a b'],
    ['"a\\"b"', 'a"b'],
    ['"a\\\\b"', 'a\\b'],
    ['"a\\nb\\tc\\rd"', 'a\nb\tc\rd'],
    ['"a\nb"', 'a\nb'],
    ['"a\\x41b"', 'aAb'],
    ['"a\\(b"', 'a(b'],
    ['"a;b)"', 'a;b)'],
    ['"über/\u{1f600}"', 'über/\u{1f600}'],
    ['#"^/a\\.b$"', '^/a\\.b$'],
    ['#"a\\"', 'a\\'],
    ['""', ''],
  ])('the string %s', (text, value) => {
    expect(parse(text)).toEqual([string(value)]);
  });

  test.each(['(', ')', '(a', '"a', '"a\\', '#"a', '"\\x4"', '"\\0"'])('refuses %s', (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });

  test.each([
    '(deny default)',
    '(version 2)',
    '(version 1) (permit default)',
    '(version 1) (allow)',
    '(version 1) (allow file-reed*)',
    '(version 1) (allow file-read* (subtree "/a"))',
    '(version 1) (allow file-read* (subpath))',
    '(version 1) (allow file-read* (subpath /a))',
    '(version 1) (allow file-read* (subpath (param "ABSENT")))',
    '(version 1) (allow network-outbound (remote ip "10.0.0.1:80"))',
    '(version 1) (deny default (with massage "x"))',
  ])('refuses the profile %s', (text) => {
    expect(() => readProfile(text)).toThrow();
  });
});

/** Whether a profile of these rules, which denies what they do not name, allows the request. */
function allowed(rules: string, request: Request): boolean {
  return allows(readProfile(`(version 1) (deny default) ${rules}`), request);
}

const read = (path: string): Request => ({ operation: 'file-read-data', path });

describe('paths', () => {
  test.each<[string, string, boolean]>([
    ['(literal "/a")', '/a', true],
    ['(literal "/a")', '/a/b', false],
    ['(literal "/a" "/b")', '/b', true],
    ['(subpath "/a")', '/a', true],
    ['(subpath "/a")', '/a/b/c', true],
    ['(subpath "/a")', '/ab', false],
    ['(subpath "/")', '/a', true],
    ['(prefix "/a")', '/ab', true],
    ['(prefix "/a")', '/ba', false],
    ['(regex #"^/a/[^/]+$")', '/a/b', true],
    ['(regex #"^/a/[^/]+$")', '/a/b/c', false],
    ['(regex #"^/a/.+$")', '/a/b\nc', true],
    ['(regex #"b")', '/a/b/c', true],
    ['(regex "^/a[.]b$")', '/a.b', true],
    ['(regex "^/a[.]b$")', '/axb', false],
    ['(require-not (subpath "/a"))', '/a/b', false],
    ['(require-not (subpath "/a"))', '/b', true],
    ['(require-all (subpath "/a") (require-not (subpath "/a/b")))', '/a/c', true],
    ['(require-all (subpath "/a") (require-not (subpath "/a/b")))', '/a/b/c', false],
    ['(require-any (literal "/a") (literal "/b"))', '/b', true],
    ['(literal "/a") (literal "/b")', '/b', true],
    ['(subpath (param "ROOT"))', '/r/x', true],
    ['(subpath (string-append (param "ROOT") "/x"))', '/r/y', false],
  ])('%s and %s', (filter, path, expected) => {
    const text = `(version 1) (deny default) (allow file-read* ${filter})`;
    expect(allows(readProfile(text, new Map([['ROOT', '/r']])), read(path))).toBe(expected);
  });
});

describe('which rule decides', () => {
  test.each<[string, string, boolean]>([
    ['', '/a', false],
    ['(allow default)', '/a', true],
    ['(allow file-read*) (deny file-read* (subpath "/a"))', '/a/b', false],
    ['(deny file-read* (subpath "/a")) (allow file-read*)', '/a/b', true],
    ['(allow file*)', '/a', true],
    ['(allow file-write*)', '/a', false],
    ['(allow file-read-metadata)', '/a', false],
    ['(allow file-read-data)', '/a', true],
    ['(allow file-write* file-read*)', '/a', true],
  ])('%s: %s', (rules, path, expected) => {
    expect(allowed(rules, read(path))).toBe(expected);
  });

  test('readings differ where a wildcard follows a single operation', () => {
    const profile = readProfile('(version 1) (allow file-write-create) (deny file-write*)');
    const request = { operation: 'file-write-create', path: '/a' };
    const counted = 'characters';
    expect(allows(profile, request, { rules: 'order', counted })).toBe(false);
    expect(allows(profile, request, { rules: 'specific', counted })).toBe(true);
  });

  test.each([
    ['^/.$', '/\u00e9', true, false],
    ['^/..$', '/\u00e9', false, true],
    ['^/[^a]{4}$', '/\u{1f600}', false, true],
    ['^/\u00e9$', '/\u00e9', true, true],
    ['^/[^ -~]+$', '/\u00e9\u{1f600}', true, true],
    ['^/\u00e9$', '/e\u0301', false, false],
  ])('the expression %j and %j, by characters and by bytes', (text, path, ...expected) => {
    const profile = readProfile(`(version 1) (deny default) (allow file-read* (regex #"${text}"))`);
    const found = (['characters', 'bytes'] as const).map((counted) =>
      allows(profile, read(path), { rules: 'order', counted }),
    );
    expect(found).toEqual(expected);
  });

  test('there are four readings, by characters and in order if nobody says', () => {
    expect(new Set(READINGS.map(({ rules, counted }) => `${rules} ${counted}`)).size).toBe(4);
    const profile = readProfile('(version 1) (allow file-read-data (regex "^/.$")) (deny file*)');
    expect(allows(profile, read('/\u00e9'))).toBe(allows(profile, read('/\u00e9'), READINGS[0]));
  });

  test('the message is that of the rule that decided', () => {
    const text = '(version 1) (deny default (with message "d")) (deny signal (with message "s"))';
    expect(decide(readProfile(text), { operation: 'signal' }).message).toBe('s');
    expect(decide(readProfile(text), read('/a')).message).toBe('d');
  });

  test('nobody is asked about a wildcard', () => {
    expect(() => allowed('', { operation: 'file-read*' })).toThrow('file-read*');
    expect(() => allowed('', { operation: 'ipc-posix-shm' })).toThrow('ipc-posix-shm');
  });
});

describe('other filters', () => {
  const tcp = (host: string, port: number) => ({ protocol: 'tcp', host, port }) as const;
  const outbound = 'network-outbound';
  test.each<[string, Request, boolean]>([
    [
      '(allow network-outbound (remote ip "localhost:80"))',
      { operation: outbound, remote: tcp('127.0.0.1', 80) },
      true,
    ],
    [
      '(allow network-outbound (remote ip "localhost:80"))',
      { operation: outbound, remote: tcp('::1', 80) },
      true,
    ],
    [
      '(allow network-outbound (remote ip "localhost:80"))',
      { operation: outbound, remote: tcp('127.0.0.1', 81) },
      false,
    ],
    [
      '(allow network-outbound (remote ip "localhost:80"))',
      { operation: outbound, remote: tcp('192.0.2.1', 80) },
      false,
    ],
    [
      '(allow network-outbound (remote ip "localhost:80"))',
      { operation: outbound, path: '/var/run/x' },
      false,
    ],
    [
      '(allow network-outbound (remote udp "*:*"))',
      { operation: outbound, remote: tcp('192.0.2.1', 80) },
      false,
    ],
    [
      '(allow network* (local ip "localhost:*"))',
      { operation: 'network-bind', local: tcp('::1', 9) },
      true,
    ],
    [
      '(allow network* (local ip "localhost:*"))',
      { operation: outbound, remote: tcp('::1', 9) },
      false,
    ],
    ['(allow mach-lookup (global-name "a.b"))', { operation: 'mach-lookup', name: 'a.b' }, true],
    ['(allow mach-lookup (global-name "a.b"))', { operation: 'mach-lookup', name: 'a.b.c' }, false],
    [
      '(allow mach-lookup (global-name-prefix "a."))',
      { operation: 'mach-lookup', name: 'a.b' },
      true,
    ],
    [
      '(allow mach-lookup (global-name-regex #"^a\\.b$"))',
      { operation: 'mach-lookup', name: 'acb' },
      false,
    ],
    [
      '(allow sysctl-read (sysctl-name "hw.ncpu"))',
      { operation: 'sysctl-read', name: 'hw.ncpu' },
      true,
    ],
    [
      '(allow sysctl-read (sysctl-name-prefix "hw."))',
      { operation: 'sysctl-write', name: 'hw.x' },
      false,
    ],
    [
      '(allow ipc-posix-shm (ipc-posix-name-regex #"^/a"))',
      { operation: 'ipc-posix-shm-read-data', name: '/ab' },
      true,
    ],
    ['(allow ipc-posix-sem*)', { operation: 'ipc-posix-sem-wait', name: 'x' }, true],
    [
      '(allow iokit-open (iokit-user-client-class "A"))',
      { operation: 'iokit-open', name: 'A' },
      true,
    ],
    ['(allow signal (target same-sandbox))', { operation: 'signal', target: 'self' }, true],
    ['(allow signal (target same-sandbox))', { operation: 'signal', target: 'others' }, false],
    ['(allow signal (target self))', { operation: 'signal', target: 'same-sandbox' }, false],
    [
      '(allow file-ioctl (extension "e"))',
      { operation: 'file-ioctl', path: '/t', extensions: ['e'] },
      true,
    ],
    ['(allow file-ioctl (extension "e"))', { operation: 'file-ioctl', path: '/t' }, false],
    ['(allow file-read* (vnode-type DIRECTORY))', { ...read('/a'), vnodeType: 'DIRECTORY' }, true],
    ['(allow file-read* (vnode-type DIRECTORY))', { ...read('/a'), vnodeType: 'SYMLINK' }, false],
  ])('%s', (rules, request, expected) => {
    expect(allowed(rules, request)).toBe(expected);
  });
});
