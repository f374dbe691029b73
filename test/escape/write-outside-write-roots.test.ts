/* Threat: a package's install script changes a start-up file, another project or srt itself.
 * Nothing outside allowWrite may change, by any call that changes files. */
import { describeFileAttack } from './support/file-attack.ts';

describeFileAttack('outside every write root', {
  files: ['work/file', 'outside/file', 'outside/folder/file'],
  folders: ['outside/empty'],
  filesystem: { allowWrite: ['@/work'] },
  rows: [
    ['write @/work/file', 'ok'],
    ['write @/outside/file', 'EROFS'],
    ['truncate @/outside/file', 'EROFS'],
    ['create @/outside/new', 'EROFS'],
    ['mkdir @/outside/new', 'EROFS'],
    ['remove @/outside/file', 'EROFS'],
    ['rmdir @/outside/empty', 'EROFS'],
    ['rename @/outside/file @/outside/other', 'EROFS'],
    ['link @/outside/file @/outside/other', 'EROFS'],
    ['chmod @/outside/file', 'EROFS'],
    ['touch @/outside/file', 'EROFS'],
    ['create @/new', 'EROFS'],
    ['rename @/work @/moved', 'EACCES'],
    ['plant @/work/file @/outside/link', 'EROFS'],
  ],
  untouched: ['outside/file', 'outside/folder/file'],
});

describeFileAttack('without any write root', {
  files: ['work/file'],
  filesystem: {},
  rows: [
    ['write @/work/file', 'EROFS'],
    ['create @/work/new', 'EROFS'],
  ],
  untouched: ['work/file'],
});

/* "Overpatch": the grant for a path was widened to its parent, or matched as a prefix. */
describeFileAttack('beside what allowWrite names', {
  files: ['work/file', 'work/other', 'work-two/file', 'wor/file'],
  filesystem: { allowWrite: ['@/work/file'] },
  rows: [
    ['write @/work/file', 'ok'],
    ['write @/work/other', 'EROFS'],
    ['create @/work/new', 'EROFS'],
    ['create @/work/file.new', 'EROFS'],
    ['rename @/work/other @/work/third', 'EROFS'],
    ['chmod @/work', 'EROFS'],
  ],
  untouched: ['work/other'],
});

describeFileAttack('in a folder whose name only begins like a write root', {
  files: ['work/file', 'work-two/file', 'wor/file'],
  filesystem: { allowWrite: ['@/work/'] },
  rows: [
    ['write @/work/file', 'ok'],
    ['write @/work-two/file', 'EROFS'],
    ['write @/wor/file', 'EROFS'],
    ['create @/wor/new', 'EROFS'],
  ],
  untouched: ['work-two/file', 'wor/file'],
});

/* CVE-2025-59532: the folder that the command is started in became writable on its own. */
describeFileAttack('in a working directory that no rule names', {
  files: ['elsewhere/file', 'work/file'],
  cwd: '@/elsewhere',
  filesystem: { allowWrite: ['@/work'] },
  rows: [
    ['write file', 'EROFS'],
    ['create new', 'EROFS'],
    ['write @/work/file', 'ok'],
  ],
  untouched: ['elsewhere/file'],
});
