// npm run suites [-- MODULE ...]: tests that nobody here wrote, CPython's own about files and
// processes, in a sandbox and with the same mounts and ids but without mediation. Prints the tests
// of which something else came, and exits with 1 if there is one that is not explained. Needs
// python3 with its `test` package (SRT_PYTHON names another), and a build.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';

const MODULES = ['posix', 'tempfile', 'os', 'shutil', 'pathlib', 'glob', 'subprocess', 'fcntl'];
const MORE = ['pty', 'mailbox', 'zipfile', 'tarfile', 'dbm', 'sqlite3', 'threading', 'signal'];

/** Why something else comes of a test, by its id. */
const ATTRIBUTES = 'Extended attributes cannot be set (docs/security.md).';
const EXPLAINED = {
  'test.test_os.ExtendedAttributeTests.test_fds': ATTRIBUTES,
  'test.test_os.ExtendedAttributeTests.test_lpath': ATTRIBUTES,
  'test.test_os.ExtendedAttributeTests.test_simple': ATTRIBUTES,
};

const MINUTES = 10;
const python = process.env.SRT_PYTHON ?? 'python3';
const program = join(root, 'scripts', 'suites', 'outcomes.py');

const parent = join(homedir(), '.cache', 'srt-test');
mkdirSync(parent, { recursive: true });
const dir = mkdtempSync(join(parent, 'suites-'));
const settings = join(dir, 'settings.json');
writeFileSync(settings, JSON.stringify({ filesystem: { allowWrite: ['.'] } }));

const unmediated = (folder) => [
  ...['bwrap', '--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-net'],
  ...['--die-with-parent', '--cap-drop', 'ALL', '--ro-bind', '/', '/', '--dev', '/dev'],
  ...['--proc', '/proc', '--tmpfs', '/tmp', '--bind', folder, folder, '--'],
];
const mediated = () => [join(root, 'dist', 'bin', 'srt'), '-s', settings, '--'];

/** What came of each test of the module, by its id. */
function outcomes(prefix, where, module) {
  const folder = join(dir, where);
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  const [command, ...words] = prefix(folder);
  const { status, signal } = spawnSync(
    command,
    [...words, python, program, 'outcomes.json', `test.test_${module}`],
    {
      cwd: folder,
      stdio: 'ignore',
      timeout: MINUTES * 60_000,
      env: { ...process.env, TMPDIR: join(folder, 'tmp') },
    },
  );
  if (status !== 0) throw new Error(`${module}, ${where}: ended with ${status ?? signal}`);
  return JSON.parse(readFileSync(join(folder, 'outcomes.json'), 'utf8'));
}

/** The tests of a module that differ, one line each. */
function compare(module) {
  const outside = outcomes(unmediated, 'outside', module);
  const inside = outcomes(mediated, 'inside', module);
  const ids = [...new Set([...Object.keys(outside), ...Object.keys(inside)])];
  const different = ids.filter((id) => outside[id] !== inside[id]);
  const open = different.filter((id) => !(id in EXPLAINED));
  console.log(`${module}: ${ids.length} tests, ${different.length} different`);
  for (const id of different)
    console.log(`  ${id}: ${outside[id]}, inside ${inside[id]}. ${EXPLAINED[id] ?? ''}`);
  return open;
}

try {
  const asked = process.argv.slice(2);
  const open = (asked.length > 0 ? asked : [...MODULES, ...MORE]).flatMap(compare);
  process.exitCode = open.length > 0 ? 1 : 0;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
