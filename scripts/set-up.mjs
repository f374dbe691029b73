// From a fresh clone to something that can run: system packages, npm packages, build. Plain Node,
// because it runs before anything is installed. Each step is skipped when its result is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './root.mjs';

/* Where src/host/bubblewrap.ts looks. */
const BUBBLEWRAP = [
  '/usr/bin/bwrap',
  '/usr/local/bin/bwrap',
  '/bin/bwrap',
  '/run/current-system/sw/bin/bwrap',
];

/* The compiler's packages bring what a static program with the kernel's headers needs. */
const MANAGERS = [
  {
    command: 'apt-get',
    refresh: ['update'],
    install: ['install', '-y', '--no-install-recommends'],
    compiler: ['gcc', 'libc6-dev'],
  },
  { command: 'dnf', install: ['install', '-y'], compiler: ['gcc', 'glibc-static'] },
  { command: 'apk', install: ['add', '--update-cache'], compiler: ['build-base', 'linux-headers'] },
  { command: 'pacman', install: ['-S', '--needed', '--noconfirm'], compiler: ['gcc'] },
  {
    command: 'zypper',
    install: ['--non-interactive', 'install'],
    compiler: ['gcc', 'glibc-devel-static'],
  },
];

const INPUTS = [
  'src',
  'native',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
  'scripts/code-cache.mjs',
  'scripts/front.mjs',
  'scripts/build-native.mjs',
  'package.json',
  'package-lock.json',
];
const OUTPUTS = [
  'dist/bin/srt',
  'dist/srt.cjs',
  'dist/start.cjs',
  'dist/main.cjs',
  'dist/index.js',
  'dist/types/index.d.ts',
  `dist/native/srt-init-${process.arch}`,
  `dist/native/srt-${process.arch}`,
];

/** Makes a checkout ready. Ends this process with status 1, after saying what is to be done, when
 * it cannot. */
export function setUp() {
  const stale = buildIsStale();
  if (process.platform === 'linux') installSystemPackages(stale);
  if (modifiedAt('node_modules/.package-lock.json') < modifiedAt('package-lock.json'))
    must(['npm', 'ci']);
  if (stale) must([process.execPath, 'scripts/build.mjs']);
}

/** When a file of the checkout was last changed; 0 when it is not there. */
function modifiedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** When something in a folder last changed. The folders count too: they know what was removed. */
function newestIn(path) {
  const entries = statSync(join(root, path)).isDirectory() ? readdirSync(join(root, path)) : [];
  return Math.max(modifiedAt(path), ...entries.map((name) => newestIn(join(path, name))));
}

function buildIsStale() {
  return Math.min(...OUTPUTS.map(modifiedAt)) < Math.max(...INPUTS.map(newestIn));
}

function missingPackages({ compiler }, toBuild) {
  const bubblewrap = BUBBLEWRAP.some((path) => existsSync(path)) ? [] : ['bubblewrap'];
  return [...bubblewrap, ...(toBuild && !canCompile() ? compiler : [])];
}

/** Tries it, because a compiler may be there without the headers or the static C library. */
function canCompile() {
  const input = '#include <stdio.h>\n#include <linux/seccomp.h>\nint main(void) { return 0; }\n';
  const args = ['-static', '-x', 'c', '-', '-o', '/dev/null'];
  return ['cc', 'gcc', 'clang'].some(
    (compiler) => spawnSync(compiler, args, { input }).status === 0,
  );
}

function installSystemPackages(toBuild) {
  const manager = MANAGERS.find(({ command }) => inPath(command)) ?? { compiler: ['gcc'] };
  const packages = missingPackages(manager, toBuild);
  if (packages.length === 0) return;
  if (!manager.command) giveUp(`install these first: ${packages.join(' ')}`);
  const commands = [
    ...(manager.refresh ? [[manager.command, ...manager.refresh]] : []),
    [manager.command, ...manager.install, ...packages],
  ];
  const prefix = isRoot() ? [] : ['sudo'];
  const byHand = commands.map((command) => [...prefix, ...command].join(' ')).join(' && ');
  const task = `an administrator must run this once:\n  ${byHand}`;
  const elevation = elevate();
  if (!elevation) giveUp(`missing here: ${packages.join(' ')}; ${task}`);
  /* A refresh that failed for one source of many may still have been enough. */
  for (const command of commands) run([...elevation, ...command]);
  const still = missingPackages(manager, toBuild);
  if (still.length > 0) giveUp(`could not install ${still.join(' ')}; ${task}`);
}

function isRoot() {
  return process.getuid?.() === 0;
}

function inPath(command) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => folder !== '' && existsSync(join(folder, command)));
}

/** The words before a command that make it root's; null when there are none. */
function elevate() {
  if (isRoot()) return [];
  if (!inPath('sudo')) return null;
  if (spawnSync('sudo', ['-n', 'true']).status === 0) return ['sudo', '-n'];
  return process.stdin.isTTY ? ['sudo'] : null;
}

/** Runs a program with its output on standard error; true when it succeeded. */
function run([program, ...args]) {
  console.error(`set-up: ${[program, ...args].join(' ')}`);
  /* So that apt-get asks nothing. */
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { cwd: root, env, stdio: ['inherit', 2, 2] }).status === 0;
}

function must(command) {
  if (!run(command)) giveUp(`${command.join(' ')} failed`);
}

function giveUp(reason) {
  console.error(`set-up: ${reason}`);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) setUp();
