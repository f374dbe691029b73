/* Threat: a rule binds a spelling. Inside a write root a link is planted that leads out (CVE-2026-
 * 39861 and its class), or the kernel's own links are used; the write must be judged by where it
 * ends up. */
import { describeFileAttack } from './support/file-attack.ts';

describeFileAttack('a link that was there before', {
  files: ['work/file', 'outside/file', 'outside/folder/file'],
  links: [
    ['work/to-file', '@/outside/file'],
    ['work/to-folder', '@/outside'],
    ['work/relative', '../outside/file'],
    ['work/chain', '@/work/to-folder'],
  ],
  filesystem: { allowWrite: ['@/work'] },
  rows: [
    ['write @/work/file', 'ok'],
    ['write @/work/to-file', 'EROFS'],
    ['truncate @/work/to-file', 'EROFS'],
    ['chmod @/work/to-file', 'EROFS'],
    ['write @/work/relative', 'EROFS'],
    ['create @/work/to-folder/new', 'EROFS'],
    ['write @/work/chain/folder/file', 'EROFS'],
    ['remove @/work/to-folder/file', 'EROFS'],
  ],
  untouched: ['outside/file', 'outside/folder/file'],
});

describeFileAttack('a link planted from inside', {
  files: ['work/file', 'outside/file', 'outside/folder/file'],
  filesystem: { allowWrite: ['@/work'] },
  rows: [
    ['plant @/outside/file @/work/to-file', 'ok'],
    ['write @/work/to-file', 'EROFS'],
    ['plant @/outside @/work/to-folder', 'ok'],
    ['create @/work/to-folder/new', 'EROFS'],
    ['rename @/work/file @/work/to-folder/moved', 'EXDEV'],
    ['plant @/outside/not-there @/work/dangling', 'ok'],
    ['fill @/work/dangling', 'EROFS'],
    ['plant /proc/self/root@/outside/file @/work/by-root', 'ok'],
    ['write @/work/by-root', 'EROFS'],
  ],
  untouched: ['outside/file', 'outside/folder/file'],
});

describeFileAttack("the kernel's own links and dots", {
  files: ['work/file', 'outside/file'],
  filesystem: { allowWrite: ['@/work'] },
  rows: [
    ['write /proc/self/root@/work/file', 'ok'],
    ['write /proc/self/cwd/file', 'ok'],
    ['write /proc/self/root@/outside/file', 'EROFS'],
    ['write /proc/self/cwd/../outside/file', 'EROFS'],
    ['write /proc/thread-self/root@/outside/file', 'EROFS'],
    ['write ../outside/file', 'EROFS'],
    ['write @/work/../outside/file', 'EROFS'],
    ['write /../..@/outside/file', 'EROFS'],
  ],
  untouched: ['outside/file'],
});

/* A hard link made inside would carry the file of outside into the write root. */
describeFileAttack('a hard link made from inside', {
  files: ['work/file', 'work/fixed', 'outside/file'],
  filesystem: { allowWrite: ['@/work'], denyWrite: ['@/work/fixed'] },
  rows: [
    ['link @/work/file @/work/second', 'ok'],
    ['link @/outside/file @/work/stolen', 'EXDEV'],
    ['link @/work/fixed @/work/stolen', 'EROFS'],
    ['rename @/outside/file @/work/stolen', 'EXDEV'],
  ],
  untouched: ['outside/file', 'work/fixed'],
});
