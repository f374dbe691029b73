/* Threat: each rule works alone, and two of them undo each other: a later mount covers the mask
 * (seen in the existing srt: denyWrite unmasked denyRead, an allowed parent uncovered a child). */
import { dirname } from 'node:path';
import { describeFileAttack } from './support/file-attack.ts';

describeFileAttack('denyRead and allowRead of one path: the deny wins', {
  files: ['work/secret', 'work/keys/one', 'work/file'],
  filesystem: {
    allowRead: ['@/work/secret', '@/work/keys'],
    denyRead: ['@/work/secret', '@/work/keys'],
  },
  rows: [
    ['read @/work/file', 'ok'],
    ['read @/work/secret', 'EACCES'],
    ['read @/work/keys/one', 'EACCES'],
    ['list @/work/keys', 'EACCES'],
  ],
});

describeFileAttack('allowRead inside denyRead: only that is shown', {
  files: [
    'work/keys/secret',
    'work/keys/public/one',
    'work/keys/public/inner/two',
    'work/keys/note',
  ],
  filesystem: {
    denyRead: ['@/work/keys', '@/work/keys/public/inner'],
    allowRead: ['@/work/keys/public', '@/work/keys/note'],
  },
  rows: [
    ['read @/work/keys/public/one', 'ok'],
    ['list @/work/keys/public', 'ok'],
    ['read @/work/keys/note', 'ok'],
    ['list @/work/keys', 'EACCES'],
    ['read @/work/keys/secret', 'ENOENT'],
    ['read @/work/keys/public/inner/two', 'EACCES'],
    ['write @/work/keys/public/one', 'EROFS'],
    ['write @/work/keys/note', 'EROFS'],
    ['create @/work/keys/new', 'EROFS'],
  ],
  untouched: ['work/keys/secret', 'work/keys/public/one', 'work/keys/note'],
});

describeFileAttack('allowWrite ".", denyRead "./secret"', {
  files: ['work/file', 'work/secret', 'work/keys/one'],
  filesystem: { allowWrite: ['.'], denyRead: ['./secret', './keys'] },
  rows: [
    ['write @/work/file', 'ok'],
    ['read @/work/secret', 'EACCES'],
    ['write @/work/secret', 'EACCES'],
    ['list @/work/keys', 'EACCES'],
    ['read @/work/keys/one', 'EACCES'],
  ],
  untouched: ['work/secret', 'work/keys/one'],
});

describeFileAttack('denyWrite inside allowWrite', {
  files: ['work/file', 'work/fixed', 'work/folder/one', 'work/folder/again/two'],
  filesystem: {
    allowWrite: ['@/work', '@/work/folder/again'],
    denyWrite: ['@/work/fixed', '@/work/folder'],
  },
  rows: [
    ['write @/work/file', 'ok'],
    ['read @/work/fixed', 'ok'],
    ['write @/work/fixed', 'EROFS'],
    ['chmod @/work/fixed', 'EROFS'],
    ['write @/work/folder/one', 'EROFS'],
    ['create @/work/folder/new', 'EROFS'],
    ['write @/work/folder/again/two', 'EROFS'],
  ],
  untouched: ['work/fixed', 'work/folder/one', 'work/folder/again/two'],
});

describeFileAttack('one path in denyRead and denyWrite', {
  files: ['work/file', 'work/secret', 'work/keys/one'],
  filesystem: {
    allowWrite: ['@/work'],
    denyRead: ['@/work/secret', '@/work/keys'],
    denyWrite: ['@/work/secret', '@/work/keys'],
  },
  rows: [
    ['write @/work/file', 'ok'],
    ['read @/work/secret', 'EACCES'],
    ['write @/work/secret', 'EACCES'],
    ['list @/work/keys', 'EACCES'],
    ['write @/work/keys/one', 'EACCES'],
    ['create @/work/keys/new', 'EACCES'],
  ],
  untouched: ['work/secret', 'work/keys/one'],
});

/* Mounted in the wrong order, the read-only parent would lie over the mask of its child. */
describeFileAttack('rules for the parents of a denied path', {
  files: ['work/a/b/secret', 'work/a/b/file', 'work/a/file'],
  filesystem: {
    allowWrite: ['@/work/a/b', '@/work'],
    allowRead: ['@/work/a/b', '@/work', '@'],
    denyRead: ['@/work/a/b/secret'],
    denyWrite: ['@/work/a', '@/work/a/b'],
  },
  rows: [
    ['read @/work/a/b/file', 'ok'],
    ['read @/work/a/b/secret', 'EACCES'],
    ['write @/work/a/b/secret', 'EACCES'],
    ['write @/work/a/b/file', 'EROFS'],
    ['write @/work/a/file', 'EROFS'],
  ],
  untouched: ['work/a/b/secret', 'work/a/b/file', 'work/a/file'],
});

/* srt #149: the folder that hides another was an empty but writable one. */
describeFileAttack('a folder that hides another', {
  files: ['work/file', 'work/keys/one', 'work/part/secret', 'work/part/shown/one'],
  filesystem: {
    allowWrite: ['@/work'],
    denyRead: ['@/work/keys', '@/work/part'],
    allowRead: ['@/work/part/shown'],
  },
  rows: [
    ['create @/work/new', 'ok'],
    ['create @/work/keys/new', 'EACCES'],
    ['mkdir @/work/keys/new', 'EACCES'],
    ['chmod @/work/keys', 'EACCES'],
    ['touch @/work/keys', 'EROFS'],
    ['create @/work/part/new', 'EACCES'],
    ['mkdir @/work/part/new', 'EACCES'],
    ['chmod @/work/part', 'EACCES'],
  ],
});

/* Everything hidden, and as much shown again as the probe itself needs to run. */
describeFileAttack('denyRead "/"', {
  files: ['work/file', 'work/secret', 'shown/one', 'outside/file'],
  filesystem: {
    denyRead: ['/', '@/work/secret'],
    allowRead: ['/usr', '/etc', dirname(dirname(process.execPath)), '@/shown'],
    allowWrite: ['@/work'],
  },
  rows: [
    ['write @/work/file', 'ok'],
    ['read @/shown/one', 'ok'],
    ['write @/shown/one', 'EROFS'],
    ['read @/outside/file', 'ENOENT'],
    ['list @/outside', 'ENOENT'],
    ['read @/work/secret', 'EACCES'],
    ['create @/new', 'EROFS'],
    ['read /proc/self/root@/outside/file', 'ENOENT'],
  ],
  untouched: ['outside/file', 'work/secret', 'shown/one'],
});
