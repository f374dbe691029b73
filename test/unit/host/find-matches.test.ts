import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMatches } from '../../../src/host/find-matches.ts';
import { parseGlob } from '../../../src/policy/glob.ts';
import type { PathPattern } from '../../../src/policy/path-rules.ts';
import { isRoot } from '../../support/requires.ts';
import { refusal } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

function pattern(text: string, list: PathPattern['list'] = 'denyRead'): PathPattern {
  const parsed = parseGlob(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const source = { setting: `filesystem.${list}`, typed: text, where: 'settings.json:1:1' };
  return { list, base: dir.path, rest: parsed[0] ?? [], source };
}

const search = { uid: process.getuid?.() ?? 0, ignoresCase: () => false, progress: () => {} };

function find(...texts: string[]): string[] {
  const found = [
    ...findMatches(
      texts.map((text) => pattern(text)),
      search,
    ).values(),
  ].flat();
  return found.map((path) => path.slice(dir.path.length + 1)).sort();
}

test.each([
  ['*.pem', ['a.pem']],
  ['**/*.pem', ['a.pem', 'x/.b.pem', 'x/y/c.pem']],
  ['*/*.pem', ['x/.b.pem']],
  ['x/**/*.pem', ['x/.b.pem', 'x/y/c.pem']],
  ['**/y', ['x/y']],
  ['**/y/**/c.*', ['x/y/c.pem']],
  ['?.pem', ['a.pem']],
  ['[!b-z].pem', ['a.pem']],
  ['.*', ['.hidden']],
  ['**/x', ['x']],
  ['nothing/*', []],
  ['**/to-x', ['to-x']],
  ['to-x/*', []],
])('%s means %j', (text, expected) => {
  for (const name of ['a.pem', 'x/.b.pem', 'x/y/c.pem', 'x/y/d', '.hidden']) dir.file(name);
  symlinkSync('x', join(dir.path, 'to-x'));
  expect(find(text)).toEqual(expected);
});

test('what is found is not looked into for the same pattern, but for others', () => {
  for (const name of ['keys/keys/one', 'keys/public/two']) dir.file(name);
  expect(find('**/keys')).toEqual(['keys']);
  expect(find('**/keys', '**/public')).toEqual(['keys', 'keys/public']);
});

test('whoever is patient is told how far it has come', () => {
  for (let i = 0; i < 50; i++) {
    mkdirSync(join(dir.path, String(i)));
    for (let j = 0; j < 100; j++) writeFileSync(join(dir.path, `${i}/${j}`), '');
  }
  const told: number[] = [];
  findMatches([pattern('**/*.pem')], { ...search, progress: (names) => told.push(names) });
  expect(told).toEqual([4096]);
});

test('a name that is not UTF-8 cannot be covered, and is no path to go on', () => {
  const odd = Buffer.concat([
    Buffer.from(`${dir.path}/`),
    Buffer.from([0xff]),
    Buffer.from('.pem'),
  ]);
  writeFileSync(odd, '');
  expect(find('*.txt')).toEqual([]);
  const error = refusal(() => find('*.pem'));
  expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
  expect(error.message).toMatch(
    /^filesystem\.denyRead "\*\.pem" \(settings\.json:1:1\) would be about/,
  );
});

test('a folder of the user that cannot be read is refused, not passed over', () => {
  const uid = isRoot ? 65_534 : search.uid;
  dir.file('shut/key.pem');
  const shut = join(dir.path, 'shut');
  if (isRoot) for (const path of [dir.path, shut]) chownSync(path, uid, uid);
  const look = () => findMatches([pattern('**/*.pem')], { ...search, uid });
  chmodSync(shut, 0);
  /* Root reads what it likes. */
  if (isRoot) process.seteuid?.(uid);
  try {
    expect(refusal(look).message).toContain('shut" (EACCES)');
    chmodSync(shut, 0o700);
    expect([...look().values()]).toEqual([[join(shut, 'key.pem')]]);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('too many are refused', () => {
  for (let i = 0; i < 2001; i++) writeFileSync(join(dir.path, `${i}.pem`), '');
  expect(refusal(() => find('*.pem')).message).toContain('means more than 2000 paths');
});

describe('where case is ignored', () => {
  const folded = { ...search, ignoresCase: () => true };
  const names = (text: string, list?: 'allowRead') =>
    [...findMatches([pattern(text, list)], folded).values()]
      .flat()
      .map((path) => path.slice(dir.path.length + 1));

  test.each([
    ['*.PEM', ['a.pem']],
    ['CON\ufb01G', ['con\ufb01g']],
    ['config', ['con\ufb01g']],
    ['*f\u0131*', []],
  ])('%j means %j', (text, expected) => {
    for (const name of ['a.pem', 'con\ufb01g']) dir.file(name, '');
    expect(names(text, 'allowRead')).toEqual(expected);
  });

  test('what denies by a letter beyond ASCII is refused', () => {
    expect(() => names('**/\u00e9*', 'allowRead')).not.toThrow();
    expect(refusal(() => names('**/\u00e9*')).message).toContain('letters beyond ASCII');
  });
});
