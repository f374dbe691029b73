/* Threat: a rule binds a spelling, not a file. What denyRead names is neither readable nor
 * writable by whichever name, and the answer is that of a missing permission (EACCES), which
 * programs understand. */
import { describeFileAttack, type FileAttack } from './support/file-attack.ts';

const layout: Omit<FileAttack, 'rows'> = {
  files: ['work/file', 'work/secret', 'work/keys/one', 'work/keys/deep/two', 'home/secret'],
  links: [
    ['work/to-secret', '@/work/secret'],
    ['work/to-keys', '@/work/keys'],
    ['work/to-home', '../home/secret'],
    ['here', '@/work'],
  ],
  filesystem: {
    allowWrite: ['@/work'],
    denyRead: ['@/work/secret', '@/work/keys', '@/home/secret'],
  },
  untouched: ['work/secret', 'work/keys/one', 'work/keys/deep/two', 'home/secret'],
};

describeFileAttack('a denied file', {
  ...layout,
  rows: [
    ['read @/work/file', 'ok'],
    ['read @/work/secret', 'EACCES'],
    ['write @/work/secret', 'EACCES'],
    ['truncate @/work/secret', 'EACCES'],
    ['read secret', 'EACCES'],
    ['read @/work/../work/secret', 'EACCES'],
    ['read @/work//./secret', 'EACCES'],
    ['read @/work/to-secret', 'EACCES'],
    ['read @/here/secret', 'EACCES'],
    ['read @/here/to-secret', 'EACCES'],
    ['read @/work/to-home', 'EACCES'],
    ['read @/home/secret', 'EACCES'],
    ['write @/home/secret', 'EACCES'],
    ['read /proc/self/root@/work/secret', 'EACCES'],
    ['read /proc/self/cwd/secret', 'EACCES'],
    ['read /proc/self/cwd/../home/secret', 'EACCES'],
    ['read /proc/thread-self/cwd/to-secret', 'EACCES'],
    ['plant secret @/work/own-link', 'ok'],
    ['read @/work/own-link', 'EACCES'],
  ],
});

describeFileAttack('a denied folder', {
  ...layout,
  rows: [
    ['list @/work/keys', 'EACCES'],
    ['list @/work/to-keys', 'EACCES'],
    ['list /proc/self/cwd/keys', 'EACCES'],
    ['list /proc/self/root@/work/keys', 'EACCES'],
    ['read @/work/keys/one', 'EACCES'],
    ['read @/work/to-keys/one', 'EACCES'],
    ['read @/work/keys/deep/two', 'EACCES'],
    ['read @/work/keys/deep/../one', 'EACCES'],
    ['read /proc/self/root@/work/keys/one', 'EACCES'],
    ['read /proc/self/cwd/keys/deep/two', 'EACCES'],
    ['stat @/work/keys/one', 'EACCES'],
    ['write @/work/keys/one', 'EACCES'],
  ],
});

/* A name that the host makes for a denied file before the start is another file to every rule by
 * path: docs must say so. What holds is that no such name can be made from inside. */
describeFileAttack('another name for a denied file', {
  ...layout,
  hardLinks: [['work/linked', '@/work/secret']],
  rows: [
    ['link @/work/secret @/work/second', 'EACCES'],
    ['link @/work/keys/one @/work/second', 'EACCES'],
    ['rename @/work/secret @/work/moved', 'EACCES'],
    ['rename @/work/keys @/work/moved', 'EACCES'],
    ['rename @/work/file @/work/secret', 'EACCES'],
    ['remove @/work/secret', 'EACCES'],
    ['read @/work/linked', 'ok'],
  ],
});
