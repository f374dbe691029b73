import {
  type Access,
  decideAccess,
  isWithin,
  type PathRule,
} from '../../../src/policy/path-rules.ts';
import { builtIn, rule } from '../rules.ts';

test.each([
  ['/a', '/a', true],
  ['/a/b', '/a', true],
  ['/a/b/c', '/a', true],
  ['/a', '/a/b', false],
  ['/ab', '/a', false],
  ['/a', '/ab', false],
  ['/a b', '/a', false],
  ['/a', '/', true],
  ['/', '/', true],
  ['/', '/a', false],
])('%s within %s: %s', (path, folder, expected) => {
  expect(isWithin(path, folder)).toBe(expected);
});

/** Entries as `list path`, with `+` in front for a rule of srt's own. */
function rules(...entries: string[]): PathRule[] {
  return entries.map((entry) => {
    const [list, path] = entry.replace('+', '').split(' ') as [PathRule['list'], string];
    return entry.startsWith('+') ? builtIn(list, path) : rule(list, path);
  });
}

type Row = [entries: string[], path: string, expected: Access];

function decide(rows: Row[]): void {
  test.each(rows)('%j: %s is %s', (entries, path, expected) => {
    expect(decideAccess(rules(...entries), path)).toBe(expected);
    expect(decideAccess(rules(...entries).reverse(), path)).toBe(expected);
  });
}

describe('without a rule', () => {
  decide([
    [[], '/', 'read-only'],
    [[], '/etc/passwd', 'read-only'],
    [['allowWrite /w', 'denyRead /s'], '/etc', 'read-only'],
  ]);
});

describe('reading', () => {
  decide([
    [['denyRead /s'], '/s', 'masked'],
    [['denyRead /s'], '/s/a/b', 'masked'],
    [['denyRead /s'], '/sb', 'read-only'],
    [['denyRead /sb'], '/s', 'read-only'],
    [['denyRead /s/a'], '/s', 'read-only'],
    [['denyRead /s', 'allowRead /s/a'], '/s/a', 'read-only'],
    [['denyRead /s', 'allowRead /s/a'], '/s/a/b', 'read-only'],
    [['denyRead /s', 'allowRead /s/a'], '/s/ab', 'masked'],
    [['denyRead /s', 'allowRead /s/a', 'denyRead /s/a/k'], '/s/a/k', 'masked'],
    [['denyRead /s', 'allowRead /s/a', 'denyRead /s/a/k'], '/s/a/l', 'read-only'],
    [['denyRead /s/a/k', 'allowRead /s'], '/s/a/k', 'masked'],
    [['denyRead /longer-name', 'allowRead /'], '/longer-name', 'masked'],
    [['denyRead /'], '/', 'masked'],
    [['denyRead /'], '/etc', 'masked'],
    [['denyRead /', 'allowRead /usr'], '/usr/bin', 'read-only'],
    [['denyRead /', 'allowRead /usr'], '/usrx', 'masked'],
    [['denyRead /', 'allowRead /'], '/etc', 'masked'],
  ]);
});

describe('a tie', () => {
  decide([
    [['denyRead /s', 'allowRead /s'], '/s', 'masked'],
    [['denyRead /s', 'allowRead /s'], '/s/a', 'masked'],
    [['denyRead /s', 'allowWrite /s'], '/s', 'masked'],
    [['denyRead /s', 'allowWrite /s', 'allowRead /s'], '/s/a', 'masked'],
    [['+denyRead /s', 'allowRead /s'], '/s/a', 'read-only'],
    [['+denyRead /s', 'denyRead /s', 'allowRead /s'], '/s/a', 'masked'],
    [['+denyRead /s', 'allowWrite /s'], '/s/a', 'masked'],
    [['+denyRead /s', 'allowRead /s', 'allowWrite /s'], '/s/a', 'read-write'],
    [['+denyRead /s', 'allowRead /'], '/s/a', 'masked'],
    [['+denyRead /s', 'allowRead /s/a'], '/s/a', 'read-only'],
  ]);
});

describe('writing', () => {
  decide([
    [['allowWrite /w'], '/w', 'read-write'],
    [['allowWrite /w'], '/w/a/b', 'read-write'],
    [['allowWrite /w'], '/wx', 'read-only'],
    [['allowWrite /w/a'], '/w', 'read-only'],
    [['allowWrite /'], '/etc', 'read-write'],
    [['allowWrite /w', 'denyWrite /w/a'], '/w/a', 'read-only'],
    [['allowWrite /w', 'denyWrite /w/a'], '/w/a/b', 'read-only'],
    [['allowWrite /w', 'denyWrite /w/a'], '/w/ab', 'read-write'],
    [['allowWrite /w', 'denyWrite /w'], '/w/a', 'read-only'],
    [['allowWrite /w/a', 'denyWrite /w'], '/w/a', 'read-only'],
    [['allowWrite /w', 'denyWrite /w/a', 'allowWrite /w/a/b'], '/w/a/b', 'read-only'],
    [['allowWrite /w', '+denyWrite /w/a', 'allowWrite /w/a'], '/w/a', 'read-only'],
    [['allowWrite /w', 'denyWrite /'], '/w/a', 'read-only'],
    [['allowRead /w', 'allowWrite /w'], '/w', 'read-write'],
  ]);
});

describe('reading and writing together', () => {
  decide([
    [['allowWrite /w', 'denyRead /w/s'], '/w/s', 'masked'],
    [['allowWrite /w', 'denyRead /w/s', 'denyWrite /w'], '/w/s', 'masked'],
    [['denyRead /h', 'allowWrite /h/p'], '/h/p', 'read-write'],
    [['denyRead /h', 'allowWrite /h/p'], '/h/q', 'masked'],
    [['denyRead /h', 'allowWrite /h/p', 'denyWrite /h/p/x'], '/h/p/x', 'read-only'],
    [['denyRead /h/p', 'allowWrite /h'], '/h/p', 'masked'],
    [['allowWrite /w', 'denyRead /w/s', 'allowRead /w/s/a'], '/w/s/a', 'read-write'],
    [['allowWrite /', 'denyRead /s', 'denyWrite /usr'], '/s', 'masked'],
    [['allowWrite /', 'denyRead /s', 'denyWrite /usr'], '/usr', 'read-only'],
  ]);
});

describe('the private folder', () => {
  decide([
    [['+private /tmp'], '/tmp', 'private'],
    [['+private /tmp'], '/tmp/a', 'private'],
    [['+private /tmp'], '/tmpx', 'read-only'],
    [['+private /tmp', 'allowRead /tmp'], '/tmp/a', 'read-only'],
    [['+private /tmp', 'allowWrite /tmp'], '/tmp/a', 'read-write'],
    [['+private /tmp', 'allowWrite /tmp', 'denyWrite /tmp/a'], '/tmp/a', 'read-only'],
    [['+private /tmp', 'allowWrite /'], '/tmp/a', 'private'],
    [['+private /tmp', 'allowRead /'], '/tmp/a', 'private'],
    [['+private /tmp', 'denyRead /'], '/tmp/a', 'private'],
    [['+private /tmp', 'denyRead /tmp'], '/tmp', 'private'],
    [['+private /tmp', 'denyRead /tmp'], '/tmp/a', 'private'],
    [['+private /tmp', 'denyRead /tmp', 'allowRead /tmp'], '/tmp/a', 'private'],
    [['+private /tmp', 'denyRead /tmp', 'allowRead /tmp/a'], '/tmp/a', 'read-only'],
    [['+private /tmp', 'denyRead /tmp/a'], '/tmp/a', 'masked'],
    [['+private /tmp', 'denyWrite /tmp'], '/tmp/a', 'private'],
    [['+private /tmp', 'allowWrite /tmp/p'], '/tmp/p/a', 'read-write'],
    [['+private /tmp', 'allowWrite /tmp/p'], '/tmp/q', 'private'],
    [['+private /tmp', 'allowWrite /tmp/p', 'denyRead /tmp/p/s'], '/tmp/p/s', 'masked'],
    [['+private /tmp', '+allowRead /tmp/p', '+denyRead /tmp/p/.ssh'], '/tmp/p/.ssh', 'masked'],
  ]);
});
