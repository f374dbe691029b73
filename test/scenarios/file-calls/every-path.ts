/* Every call at every kind of path: what a program meets there, it meets inside too. */

/* Of a folder that has file, folder/inner, fifo, and the links link -> file, to-folder -> folder,
 * dangling -> made, far -> missing/made and loop -> loop. */
const PATHS = [
  ...['file', 'folder', 'folder/inner', 'link', 'to-folder', 'to-folder/inner', 'dangling'],
  ...['far', 'loop', 'fifo', 'missing', 'missing/x', 'file/x', 'link/x', 'dangling/x', 'loop/x'],
  ...['folder/new', 'to-folder/new', './/folder//.//new', 'folder/../new', 'folder/../folder'],
  ...['file/', 'folder/', 'link/', 'to-folder/', 'dangling/', 'loop/', 'missing/', 'missing//'],
  ...['file/.', 'folder/.', 'to-folder/.', 'dangling/.', 'missing/.', 'file/..', 'folder/..'],
  ...['to-folder/..', 'missing/..', '.', './', '..', '../', '', 'file/../new', 'link/../new'],
  ...['/proc/self/cwd/new', '/proc/self/cwd/file', '/proc/self/cwd', '/proc/self/cwd/'],
  ...['/proc/thread-self/cwd/new', '/proc/self/root/dev/null/x', '/dev/null/x'],
  ...['/proc/self/fd/3/new', '/proc/self/fd/3', '/proc/self/fd/99', '/proc/self/fd/3/file'],
  ...['/proc/self/fd', '/proc/self/new', '/proc/missing/x', 'n\\nl', 'b\\xff\\xfe', '\\_'],
];

const LONG = ['n'.repeat(255), 'n'.repeat(256), `${'./'.repeat(2045)}fourk`];
const TOO_LONG = [
  `${'./'.repeat(2046)}four`,
  `folder/${'n'.repeat(256)}/x`,
  `${'./'.repeat(2047)}x`,
];

/* Each with P where the path goes. What waits for the other end of a pipe is tried elsewhere. */
const CALLS = [
  'openat AT_FDCWD P O_WRONLY|O_NONBLOCK',
  'openat AT_FDCWD P O_RDWR|O_APPEND|O_CLOEXEC',
  'openat AT_FDCWD P O_RDWR|O_CREAT 0666',
  'openat AT_FDCWD P O_RDONLY|O_CREAT|O_NONBLOCK 0640',
  'openat AT_FDCWD P O_RDWR|O_CREAT|O_EXCL 0666',
  'openat AT_FDCWD P O_RDWR|O_CREAT|O_NOFOLLOW 0666',
  'openat AT_FDCWD P O_RDWR|O_NOFOLLOW',
  'openat AT_FDCWD P O_RDWR|O_TRUNC',
  'openat AT_FDCWD P O_RDWR|O_DIRECTORY',
  'openat AT_FDCWD P O_RDWR|O_CREAT|O_DIRECTORY 0600',
  'truncate P 3',
  'mkdirat AT_FDCWD P 0777',
  'mknodat AT_FDCWD P S_IFIFO|0666 0',
  "symlinkat 'target AT_FDCWD P",
  "linkat AT_FDCWD 'file AT_FDCWD P 0",
  "linkat AT_FDCWD P AT_FDCWD 'new-name 0",
  "linkat AT_FDCWD P AT_FDCWD 'new-name AT_SYMLINK_FOLLOW",
  "renameat2 AT_FDCWD 'file AT_FDCWD P 0",
  "renameat2 AT_FDCWD 'folder AT_FDCWD P 0",
  "renameat2 AT_FDCWD 'file AT_FDCWD P RENAME_NOREPLACE",
  "renameat2 AT_FDCWD 'file AT_FDCWD P RENAME_EXCHANGE",
  "renameat2 AT_FDCWD P AT_FDCWD 'new-name 0",
  "renameat2 AT_FDCWD P AT_FDCWD 'new-name/ 0",
  'unlinkat AT_FDCWD P 0',
  'unlinkat AT_FDCWD P AT_REMOVEDIR',
  'fchmodat AT_FDCWD P 0755',
  'fchmodat2 AT_FDCWD P 0755 AT_SYMLINK_NOFOLLOW',
  'openat AT_FDCWD P O_RDWR|O_TMPFILE 0600',
];

/** A line for each call at each path. */
export function everyPath(): string[] {
  const paths = [...PATHS, ...LONG, ...TOO_LONG];
  return CALLS.flatMap((call) => paths.map((path) => call.replace(/\bP\b/, `'${path}`)));
}
