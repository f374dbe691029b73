/* Threat: a path is protected, and the folder above it is not: rename that folder, put a new one
 * in its place, and the host reads what the attacker wrote. No folder that rules lead through can be
 * moved, and neither can the mount points that some of them are. */
import { describeFileAttack } from './support/file-attack.ts';

describeFileAttack('the folders above a path of denyWrite', {
  files: ['work/a/b/fixed', 'work/a/b/file', 'work/c/file'],
  filesystem: { allowWrite: ['@/work'], denyWrite: ['@/work/a/b/fixed'] },
  rows: [
    ['write @/work/a/b/file', 'ok'],
    ['rename @/work/c @/work/moved', 'ok'],
    ['rename @/work/a @/work/moved', 'EACCES'],
    ['rename @/work/a/b @/work/a/moved', 'EACCES'],
    ['rename @/work/a/b @/work/moved', 'EXDEV'],
    ['rename @/work/a/b/fixed @/work/a/b/moved', 'EROFS'],
    ['rename @/work/a/b/file @/work/a/b/fixed', 'EROFS'],
    ['remove @/work/a/b/fixed', 'EROFS'],
  ],
});

describeFileAttack('the folders above a denied folder', {
  files: ['work/a/b/keys/one', 'work/c/file'],
  folders: ['work/empty'],
  filesystem: { allowWrite: ['@/work'], denyRead: ['@/work/a/b/keys'] },
  rows: [
    ['rename @/work/c @/work/moved', 'ok'],
    ['rename @/work/a @/work/moved', 'EACCES'],
    ['rename @/work/a/b @/work/a/moved', 'EACCES'],
    ['rename @/work/a/b/keys @/work/a/b/moved', 'EACCES'],
    ['rename @/work/empty @/work/a/b/other', 'EXDEV'],
  ],
  untouched: ['work/a/b/keys/one'],
});

describeFileAttack('removing what is protected, and what is above it', {
  files: ['work/file'],
  folders: ['work/above/fixed', 'work/free'],
  filesystem: { allowWrite: ['@/work'], denyWrite: ['@/work/above/fixed'] },
  rows: [
    ['rmdir @/work/free', 'ok'],
    ['rmdir @/work/above/fixed', 'EROFS'],
    ['rename @/work/free @/work/above/fixed', 'EROFS'],
  ],
});
