import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isSrtError } from '../../../src/errors.ts';
import { createPathProbe, type Identity, type PathFact } from '../../../src/host/paths.ts';
import { buildC } from '../../support/build-c.ts';
import { isRoot, requires } from '../../support/requires.ts';
import { ROOT } from '../../support/srt.ts';
import { refusal } from '../rules.ts';
import { type Temporary, temporary } from '../temporary.ts';

const EXCHANGE = buildC(join(ROOT, 'test', 'support', 'exchange.c'));

let dir: Temporary;
beforeAll(() => {
  dir = temporary();
  dir.file('folder/file', 'text');
  dir.folder('folder/deep');
  dir.folder('closed/inside');
  chmodSync(join(dir.path, 'closed'), 0o600);
  const links = {
    'to-folder': 'folder',
    'to-file': join(dir.path, 'folder/file'),
    'to-link': 'to-folder',
    'to-nothing': 'not-there',
    'to-nothing-in-folder': 'folder/not-there',
    circle: 'circle',
    'circle-of-two': 'circle-back',
    'circle-back': 'circle-of-two',
    'folder/back': '..',
    'folder/nothing': './not-there',
    'to-deep': 'folder/deep',
    'up-from-deep': 'to-deep/../not-there',
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(dir.path, name));
});
afterAll(() => {
  chmodSync(join(dir.path, 'closed'), 0o700);
  dir.remove();
});

/** The fact about a path below the folder, with real paths relative to it. */
function probe(name: string): PathFact {
  const fact = createPathProbe()(join(dir.path, name));
  if (fact.kind === 'unreachable') return fact;
  const short = (path: string) => path.replace(`${dir.path}/`, '');
  return { ...fact, real: short(fact.real), links: fact.links.map(short) };
}

describe('what is there', () => {
  test.each([
    ['folder', 'directory', 'folder', []],
    ['folder/file', 'file', 'folder/file', []],
    ['to-folder', 'directory', 'folder', ['to-folder']],
    ['to-folder/file', 'file', 'folder/file', ['to-folder']],
    ['to-file', 'file', 'folder/file', ['to-file']],
    ['to-link', 'directory', 'folder', ['to-link', 'to-folder']],
    ['to-link/file', 'file', 'folder/file', ['to-link', 'to-folder']],
    ['to-folder/back/to-file', 'file', 'folder/file', ['to-folder', 'folder/back', 'to-file']],
  ])('%s is a %s at %s, through %j', (name, kind, real, links) => {
    expect(probe(name)).toEqual({ kind, real, links });
  });

  test('the root folder', () => {
    expect(createPathProbe()('/')).toEqual({ kind: 'directory', real: '/', links: [] });
  });

  test('a device is a file', () => {
    expect(createPathProbe()('/dev/null')).toEqual({ kind: 'file', real: '/dev/null', links: [] });
  });
});

describe('what is missing, and where it would be', () => {
  test.each([
    ['not-there', 'not-there', []],
    ['folder/not-there', 'folder/not-there', []],
    ['folder/not/there/yet', 'folder/not/there/yet', []],
    ['to-folder/not-there', 'folder/not-there', ['to-folder']],
    ['to-link/not/there', 'folder/not/there', ['to-link', 'to-folder']],
  ])('%s would be at %s, through %j', (name, real, links) => {
    expect(probe(name)).toEqual({ kind: 'missing', real, links });
  });

  /* Whoever creates what the link points to fills it. */
  test.each([
    ['to-nothing', 'not-there', ['to-nothing']],
    ['to-nothing/x', 'not-there/x', ['to-nothing']],
    ['to-nothing-in-folder', 'folder/not-there', ['to-nothing-in-folder']],
    ['to-folder/nothing', 'folder/not-there', ['to-folder', 'folder/nothing']],
    ['up-from-deep', 'folder/not-there', ['up-from-deep', 'to-deep']],
  ])('%s would be where its link points, at %s', (name, real, links) => {
    expect(probe(name)).toEqual({ kind: 'missing', real, links });
  });

  test('in the root folder', () => {
    const path = '/srt-no-such-folder/x';
    expect(createPathProbe()(path)).toEqual({ kind: 'missing', real: path, links: [] });
  });

  test('one probe remembers folders and still tells names apart', () => {
    const both = createPathProbe();
    const facts = ['a', 'b', 'to-folder/c'].map((name) => both(join(dir.path, name)));
    expect(facts).toMatchObject([
      { kind: 'missing', real: join(dir.path, 'a') },
      { kind: 'missing', real: join(dir.path, 'b') },
      { kind: 'missing', real: join(dir.path, 'folder/c') },
    ]);
  });
});

describe('what cannot be reached', () => {
  test.each([
    ['circle', 'ELOOP'],
    ['circle/x', 'ELOOP'],
    ['circle-of-two', 'ELOOP'],
    [`${'x'.repeat(300)}`, 'ENAMETOOLONG'],
  ])('%.20s: %s', (name, errno) => {
    expect(probe(name)).toEqual({ kind: 'unreachable', errno });
  });

  /* Node 22 began to count ENOTDIR as nothing being there. */
  test('below a file: not there, or not a folder', () => {
    const expected = [
      { kind: 'unreachable', errno: 'ENOTDIR' },
      { kind: 'missing', real: 'folder/file/x', links: [] },
    ];
    expect(expected).toContainEqual(probe('folder/file/x'));
  });

  test('a folder that this user cannot search', () => {
    const expected: PathFact = isRoot
      ? { kind: 'directory', real: 'closed/inside', links: [] }
      : { kind: 'unreachable', errno: 'EACCES' };
    expect(probe('closed/inside')).toEqual(expected);
  });

  test('a path with a NUL byte', () => {
    expect(probe('a\0b').kind).toBe('unreachable');
  });
});

describe('what has no name in text', () => {
  const odd = () => Buffer.concat([Buffer.from(`${dir.path}/folder/`), Buffer.from([0xff])]);
  beforeAll(() => {
    mkdirSync(odd());
    symlinkSync('..', Buffer.concat([odd(), Buffer.from('/up')]));
    symlinkSync(odd(), join(dir.path, 'to-odd'));
    symlinkSync(Buffer.concat([odd(), Buffer.from('/up/file')]), join(dir.path, 'through-odd'));
    symlinkSync(Buffer.concat([odd(), Buffer.from([0xfe])]), join(dir.path, 'to-missing-odd'));
  });

  test.each([
    ['to-odd', 'folder/\ufffd'],
    ['to-odd/not-there', 'folder/\ufffd'],
    ['to-odd/up', 'folder/\ufffd'],
    ['through-odd', 'folder/\ufffd/up/file'],
    ['to-missing-odd', 'folder/\ufffd\ufffd'],
  ])('%s is refused, as it leads to %j', (name, found) => {
    const probe = createPathProbe(new Map(), (path) => `rule ${path}`);
    const path = join(dir.path, name);
    const { code, message } = refusal(() => probe(path));
    expect(code).toBe('SRT_COMPILE_UNENFORCEABLE');
    const named = JSON.stringify(join(dir.path, found));
    expect(message).toBe(`rule ${path} leads to ${named}, whose name is not UTF-8`);
  });

  test('a name with U+FFFD itself is a name like others', () => {
    dir.file('folder/\ufffd.txt', '');
    expect(probe('to-folder/\ufffd.txt')).toEqual({
      ...{ kind: 'file', real: 'folder/\ufffd.txt', links: ['to-folder'] },
    });
  });
});

describe('what tells it from others', () => {
  test('is noted by real path, through links', () => {
    const identities = new Map<string, Identity>();
    const both = createPathProbe(identities);
    for (const name of ['to-file', 'folder', 'not-there', 'circle']) both(join(dir.path, name));
    for (const name of ['folder/file', 'folder']) {
      const { dev, ino } = statSync(join(dir.path, name), { bigint: true });
      const { device, inode } = identities.get(join(dir.path, name)) ?? {};
      expect([device === dev, inode === ino]).toEqual([true, true]);
    }
    for (const name of ['to-file', 'not-there', 'circle'])
      expect(identities.has(join(dir.path, name))).toBe(false);
  });

  requires('a C compiler', EXCHANGE !== null)('is never of a link that was not seen as one', () => {
    const racer = spawn(EXCHANGE as string, ['deep', 'back'], { cwd: join(dir.path, 'folder') });
    try {
      const path = join(dir.path, 'folder/deep');
      const seen = new Set<string>();
      for (let looks = 0; looks < 20_000 || seen.size < 2; looks++) {
        const fact = glance(path);
        if (fact === null) continue;
        expect(fact).toEqual(
          fact.links.length === 0
            ? { kind: 'directory', real: path, links: [] }
            : { kind: 'directory', real: dir.path, links: [path] },
        );
        seen.add(fact.real);
      }
      expect(seen).toEqual(new Set([path, dir.path]));
    } finally {
      racer.stdin.end();
    }
  });
});

/** null where srt says that it cannot keep up. */
function glance(path: string): Extract<PathFact, { kind: 'directory' | 'file' }> | null {
  try {
    const fact = createPathProbe()(path);
    return fact.kind === 'directory' || fact.kind === 'file' ? fact : null;
  } catch (error) {
    if (isSrtError(error) && error.code === 'SRT_LAUNCH_CHANGED') return null;
    throw error;
  }
}
