/* Threat: a tool that nobody read looks for keys and tokens in their well-known places. They are
 * unreadable without any setting, and only an allowRead that names them opens them. */
import { CREDENTIAL_STORES } from '../../src/policy/credential-stores.ts';
import { describeFileAttack } from './support/file-attack.ts';

/* Most are folders in real life; a file by the same name is covered by the same rule. */
const FOLDERS = new Set(['.ssh', '.aws', '.gnupg', '.kube', '.mozilla', '.config/gh']);

const files = CREDENTIAL_STORES.map(([path]) =>
  FOLDERS.has(path) ? `home/${path}/token` : `home/${path}`,
).filter((path) => !path.includes(' '));

describeFileAttack('the credential stores', {
  files: [...files, 'home/plain'],
  home: '@/home',
  filesystem: {},
  rows: [
    ['read @/home/plain', 'ok'],
    ...files.map((path) => [`read @/${path}`, 'EACCES'] as const),
    ['list @/home/.ssh', 'EACCES'],
    ['list @/home/.aws', 'EACCES'],
  ],
});

describeFileAttack('the credential stores of a home that can be written', {
  files: [...files, 'home/plain', 'home/.srt-settings.json'],
  home: '@/home',
  cwd: '@/home',
  filesystem: { allowWrite: ['~'], allowRead: ['~'] },
  rows: [
    ['write @/home/plain', 'ok'],
    ...files.map((path) => [`read @/${path}`, 'EACCES'] as const),
    ['write @/home/.npmrc', 'EACCES'],
    ['rename @/home/.npmrc @/home/moved', 'EACCES'],
    ['rename @/home/.config @/home/moved', 'EACCES'],
  ],
  untouched: files,
});

describeFileAttack('a credential store that allowRead names', {
  files: ['home/.ssh/config', 'home/.ssh/id_rsa', 'home/.npmrc', 'home/.netrc'],
  home: '@/home',
  filesystem: { allowRead: ['~/.ssh/config', '~/.npmrc'] },
  rows: [
    ['read @/home/.npmrc', 'ok'],
    ['read @/home/.ssh/config', 'ok'],
    ['write @/home/.npmrc', 'EROFS'],
    /* Beside what is re-opened the folder is empty: a neighbour is not there at all. */
    ['read @/home/.ssh/id_rsa', 'ENOENT'],
    ['list @/home/.ssh', 'EACCES'],
    ['read @/home/.netrc', 'EACCES'],
  ],
});
