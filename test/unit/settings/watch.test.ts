import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings } from '../../../src/settings/load.ts';
import { watchSettings } from '../../../src/settings/watch.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
let stop: () => void;
beforeEach(() => {
  dir = temporary();
  stop = () => {};
});
afterEach(() => {
  stop();
  dir.remove();
});

const FOREIGN = '!is another file now, in a place that the command can write';

/** Watches a file and returns what comes next: its text, or a problem with a leading "!". */
function watch(path: string, { exists = true, writeRoots = [] as string[] } = {}) {
  const seen: string[] = [];
  const bus = new EventEmitter();
  const see = (what: string) => {
    seen.push(what);
    bus.emit('seen');
  };
  const read = () => readSettings(path, 's.json');
  const begin = { path, snapshot: exists ? read() : null, writeRoots, read };
  const start = () => {
    stop = watchSettings(begin, { changed: see, failed: (problem) => see(`!${problem}`) }, 20);
  };
  return {
    seen,
    start,
    next: async () => {
      if (seen.length === 0) await once(bus, 'seen');
      return seen.shift();
    },
  };
}

describe('an edit is seen', () => {
  const edits: [string, (path: string) => void][] = [
    ['written in place', (path) => writeFileSync(path, 'new')],
    [
      'by another file in its place',
      (path) => {
        writeFileSync(`${path}~`, 'new');
        renameSync(`${path}~`, path);
      },
    ],
    [
      'removed and made again',
      (path) => {
        rmSync(path);
        writeFileSync(path, 'new');
      },
    ],
    [
      'by a shell',
      (path) => {
        execFileSync('sh', ['-c', 'echo half > "$0"; printf new > "$0"', path]);
      },
    ],
  ];
  test.each(edits)('%s', async (_how, edit) => {
    const path = dir.file('s.json', 'old');
    const { start, next, seen } = watch(path);
    start();
    edit(path);
    expect(await next()).toBe('new');
    expect(seen).toEqual([]);
  });

  test('that was made before the watching began', async () => {
    const path = dir.file('s.json', 'old');
    const { start, next } = watch(path);
    writeFileSync(path, 'new');
    start();
    expect(await next()).toBe('new');
  });

  test('and so are the next, and one that takes it back', async () => {
    const path = dir.file('s.json', 'old');
    const { start, next } = watch(path);
    start();
    for (const text of ['one', 'two', 'old']) {
      writeFileSync(path, text);
      expect(await next()).toBe(text);
    }
  });

  test('of a file that was not there', async () => {
    const path = join(dir.path, 's.json');
    const { start, next } = watch(path, { exists: false });
    start();
    writeFileSync(path, 'new');
    expect(await next()).toBe('new');
  });

  test('of the file behind a link', async () => {
    const real = dir.file('dotfiles/s.json', 'old');
    symlinkSync(real, join(dir.path, 's.json'));
    const { start, next } = watch(join(dir.path, 's.json'));
    start();
    writeFileSync(`${real}~`, 'new');
    renameSync(`${real}~`, real);
    expect(await next()).toBe('new');
  });
});

describe('what cannot be used is told, and the watching goes on', () => {
  const faults: [string, (path: string) => void, string][] = [
    ['removed', (path) => rmSync(path), '!no such settings file'],
    [
      'a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      '!is not a file any more',
    ],
    [
      'a pipe, which would never answer',
      (path) => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
      '!is not a file any more',
    ],
    [
      'too large',
      (path) => writeFileSync(path, ' '.repeat(1024 * 1024 + 1)),
      '!s.json: the settings file is larger than 1 MiB',
    ],
    [
      'not text',
      (path) => writeFileSync(path, Buffer.from([0xff])),
      '!s.json: the settings file is not UTF-8 text',
    ],
  ];
  test.each(faults)('%s', async (_what, act, problem) => {
    const path = dir.file('s.json', 'old');
    const { start, next } = watch(path);
    start();
    act(path);
    expect(await next()).toBe(problem);
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, 'new');
    let seen = await next();
    if (seen === '!no such settings file') seen = await next();
    expect(seen).toBe('new');
  });
});

/* Inside a write root the mount that protects the file goes when another takes its place. */
describe('a file that the command may have written does not count', () => {
  const replace = (path: string) => {
    writeFileSync(`${path}~`, 'new');
    renameSync(`${path}~`, path);
  };

  test('one that took its place in a write root; the same file does', async () => {
    const path = dir.file('root/s.json', 'old');
    const { start, next, seen } = watch(path, { writeRoots: [join(dir.path, 'root')] });
    start();
    writeFileSync(path, 'in place');
    expect(await next()).toBe('in place');
    replace(path);
    expect(await next()).toBe(FOREIGN);
    /* That was the last word: nothing inside can make srt look, or talk, again. */
    rmSync(path);
    await new Promise((done) => setTimeout(done, 300));
    expect(seen).toEqual([]);
  });

  test('nor one behind a link, nor by a root that is spelled through a link', async () => {
    const real = dir.file('root/s.json', 'old');
    symlinkSync(join(dir.path, 'root'), join(dir.path, 'alias'));
    symlinkSync(real, join(dir.path, 's.json'));
    const { start, next } = watch(join(dir.path, 's.json'), {
      writeRoots: [join(dir.path, 'alias')],
    });
    start();
    replace(real);
    expect(await next()).toBe(FOREIGN);
  });

  test('a link that leads into a write root by now', async () => {
    const inside = dir.file('root/evil.json', 'evil');
    const path = dir.file('s.json', 'old');
    const { start, next } = watch(path, { writeRoots: [join(dir.path, 'root')] });
    start();
    rmSync(path);
    symlinkSync(inside, path);
    expect(await next()).toBe(FOREIGN);
  });

  test('a link from a write root to a file elsewhere', async () => {
    const elsewhere = dir.file('other/s.json', 'evil');
    const path = dir.file('root/s.json', 'old');
    const { start, next } = watch(path, { writeRoots: [join(dir.path, 'root')] });
    start();
    rmSync(path);
    symlinkSync(elsewhere, path);
    expect(await next()).toBe(FOREIGN);
  });

  test('one that was not there at the start', async () => {
    const path = join(dir.folder('root'), 's.json');
    const { start, next } = watch(path, { exists: false, writeRoots: [join(dir.path, 'root')] });
    start();
    writeFileSync(path, 'new');
    expect(await next()).toBe(FOREIGN);
  });

  test('a second name of the same file is the same file', async () => {
    const path = dir.file('root/s.json', 'old');
    linkSync(path, `${path}.name`);
    const { start, next } = watch(path, { writeRoots: [join(dir.path, 'root')] });
    start();
    rmSync(path);
    renameSync(`${path}.name`, path);
    writeFileSync(path, 'new');
    expect(await next()).toBe('new');
  });
});
