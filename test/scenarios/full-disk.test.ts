/* A disk without room: the command is told so by the errno of the kernel, call by call, nothing hangs,
 * and with room again all goes on. srt itself says what it could not write. The disk is in memory, in
 * a mount namespace of the test's own, with which it ends. An ordinary user cannot do that: in a user
 * namespace where bubblewrap's file is nobody's, srt does not start. */
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { isRoot, requires } from '../support/requires.ts';
import { ROOT, run, type Scratch, SRT, scratch } from '../support/srt.ts';

const PROGRAM = buildC(join(ROOT, 'test', 'support', 'file-calls.c'), 'cc', ['-static']) ?? '';
const machine = requires('root and a C compiler', isRoot && PROGRAM !== '');

/* "$1" is where; the other has a file below a second layer, which is copied when its name is changed. */
const DISK =
  'mount -t tmpfs -o mode=700,size=256k,nr_inodes=80 none "$1" && cd "$1" && mkdir rows && cd rows';
const LAYERS = [
  'mount -t tmpfs -o mode=700,size=256k,nr_inodes=80 none "$1" && cd "$1"',
  'mkdir lower lower/rows upper work merged && head -c 8192 /dev/zero > lower/rows/kept',
  'mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work,userxattr none merged',
  'cd merged/rows',
].join(' && ');

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
  dir.folder('disk');
});
afterAll(() => dir.remove());

/** Runs the command on a new disk. */
function onDisk(prepare: string, argv: readonly string[], input = '') {
  const script = `${prepare} && shift && exec "$@"`;
  const words = ['unshare', '-Urm', 'bash', '-c', script, 'bash', `${dir.path}/disk`, ...argv];
  return run(words, { input, timeout: 30_000 });
}

const LONG = `'${'x'.repeat(300)}`;

/* What is called once there is no room, and what comes of it. */
const ROWS: readonly (readonly [what: string, disk: string, calls: string, expected: string])[] = [
  [
    'no names left',
    DISK,
    `fill names ; creat 'new 0600 ; open 'new O_RDWR|O_CREAT|O_EXCL 0600 ; open 'dangling O_RDWR|O_CREAT 0600 ; mkdir 'sub 0700 ; symlink 'x 'y ; link 'file 'again ; mknod 'pipe S_IFIFO|0600 0 ; openat AT_FDCWD '. O_RDWR|O_TMPFILE 0600 ; rename 'file 'moved ; chmod 'moved 0600 ; unlink 'moved ; creat 'new 0600`,
    `0, ${'ENOSPC, '.repeat(8)}0, 0, 0, fd`,
  ],
  [
    'no bytes left',
    DISK,
    `fill bytes ; creat 'new 0600 ; write $0 'text 4 ; symlink ${LONG} 'y ; symlink 'short 'z ; mkdir 'sub 0700 ; rename 'new 'sub/new ; open 'file O_WRONLY|O_TRUNC ; write $1 'text 4 ; write $0 'text 4`,
    '0, fd, ENOSPC, ENOSPC, 0, 0, 0, fd, 4, ENOSPC',
  ],
  [
    'no bytes left for a copy',
    LAYERS,
    `fill bytes ; rename '../kept '../moved ; link '../kept 'again ; open '../kept O_WRONLY ; open '../kept O_WRONLY|O_APPEND ; chmod '../kept 0600 ; spare ; rename '../kept '../moved ; mkdir 'filler 0700`,
    '0, ENOSPC, ENOSPC, ENOSPC, ENOSPC, ENOSPC, 0, 0, 0',
  ],
];

/* What a descriptor is of is compared, and not foretold. */
const brief = (results: string) => results.replaceAll(/\bfd [^,|]+(?=,| \|)/g, 'fd');

machine.each(ROWS)('%s: what the kernel says, and then all goes on', async (...row) => {
  const [, disk, calls, expected] = row as unknown as (typeof ROWS)[number];
  const again = "spare ; creat 'after 0600 ; write $0 'text 4";
  const input = `${calls} ; ${again}\nfill bytes ; ${again}\nfill names ; ${again}\n`;
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const words = [SRT, '-s', settings, '--', PROGRAM];
  const outside = await onDisk(disk, [PROGRAM], input);
  expect(await onDisk(disk, words, input)).toEqual(outside);
  const came = outside.stdout.split('\n').map((line) => brief(line).split(' | ')[0]);
  const goesOn = '0, fd, 4';
  expect(came).toEqual([`${expected}, ${goesOn}`, `0, ${goesOn}`, `0, ${goesOn}`, '']);
});

/* What is left of the disk once it has these. */
const NO_BYTES = 'head -c 1000000 /dev/zero > ../filler 2>&-';
const NO_NAMES = 'for ((i = 0; ; i++)); do : > ../filler$i || break; done 2>&-';
const KEPT = 'mkdir -p -m 700 ../srt/lease ../srt/caches';

requires('root', isRoot).each([
  ['a placeholder', NO_NAMES, '', /no placeholder for "[^"]+": ENOSPC .*see that there is room/],
  [
    'the folder of the lease',
    NO_NAMES,
    'XDG_STATE_HOME',
    /\/disk\/srt\/lease" cannot be used: ENOSPC \(make room on its disk/,
  ],
  ['its lock', `${KEPT} && ${NO_NAMES}`, 'XDG_STATE_HOME', /lease" cannot be used: ENOSPC/],
  ['a record in it', NO_BYTES, 'XDG_STATE_HOME', /lease" cannot be used: ENOSPC/],
  [
    'private caches',
    NO_NAMES,
    'XDG_CACHE_HOME',
    /private caches: "[^"]*\/disk\/srt" cannot be opened or made \(ENOSPC\)/,
  ],
])('srt says that there is no room for %s', async (...row: unknown[]) => {
  const [, fill, variable, message] = row as [string, string, string, RegExp];
  const isLease = variable !== 'XDG_CACHE_HOME';
  const filesystem = isLease ? { allowWrite: ['.'], names: 'mount' } : { privateCaches: true };
  const options = isLease ? [] : ['--name', 'example'];
  const settings = dir.settings({ filesystem });
  const words = [SRT, ...options, '-s', settings, '--', 'echo', 'started'];
  const environment = variable === '' ? [] : ['env', `${variable}=${dir.path}/disk`];
  const set = ['env', `XDG_STATE_HOME=${dir.path}/state`, ...environment];
  const full = await onDisk(`${DISK} && { ${fill}; true; }`, [...set, ...words]);
  expect(full).toMatchObject({ code: 125, stdout: '' });
  expect(full.stderr.split('\n').at(-2)).toMatch(message);
  expect(full.stderr).not.toMatch(/internal error/);
  const withRoom = DISK.replace('nr_inodes=80', 'nr_inodes=1000');
  expect((await onDisk(withRoom, [...set, ...words])).stdout).toBe('started\n');
});
