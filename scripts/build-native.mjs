// Builds native/ into dist/native/srt-init-ARCH and dist/native/srt-ARCH: for this machine, or with --all for
// every supported one. --sanitize builds this machine's with AddressSanitizer and UBSan.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const out = join(root, 'dist', 'native');

const TOOLCHAINS = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

const WARNINGS = [
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wconversion',
  '-Wshadow',
  '-Wpedantic',
  '-Wstrict-prototypes',
  '-Wmissing-prototypes',
  '-Wformat=2',
  '-Wundef',
  '-pthread',
];

const RELEASE = ['-O2', '-static', '-s', '-fstack-protector-strong', '-D_FORTIFY_SOURCE=2'];
const SANITIZED = [
  '-O1',
  '-g',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-DSANITIZED',
];

function compilers(arch) {
  const triple = TOOLCHAINS[arch];
  return arch === process.arch ? ['cc', 'gcc', 'clang', `${triple}-gcc`] : [`${triple}-gcc`];
}

/* Which folders each is made of: native/front/ is a program that starts the other one. */
const PROGRAMS = {
  'srt-init': (name) => !name.startsWith('front/'),
  srt: (name) => name.startsWith('front/') || name.startsWith('launch/'),
};

function compile(program, arch, flags) {
  const sources = readdirSync(join(root, 'native'), { recursive: true })
    .filter((name) => name.endsWith('.c') && PROGRAMS[program](name))
    .map((name) => join(root, 'native', name));
  const target = join(out, `${program}-${arch}`);
  const args = ['-std=c11', ...WARNINGS, ...flags, '-o', `${target}.new`, ...sources];
  for (const compiler of compilers(arch)) {
    try {
      execFileSync(compiler, args, { stdio: 'inherit' });
    } catch (error) {
      if (error.code === 'ENOENT') continue;
      throw new Error(`${compiler} could not build ${program} for ${arch}`);
    }
    // A running program cannot be overwritten, only replaced.
    renameSync(`${target}.new`, target);
    console.log(`built dist/native/${program}-${arch} with ${compiler}`);
    return;
  }
  throw new Error(
    `no C compiler for ${arch}; install ${arch === process.arch ? 'gcc and libc6-dev' : `gcc-${TOOLCHAINS[arch]}`}`,
  );
}

const flags = process.argv.slice(2);
// macOS has its own; --all is for a package that is made there.
if (process.platform === 'darwin' && !flags.includes('--all')) process.exit(0);
mkdirSync(out, { recursive: true });
try {
  if (!(process.arch in TOOLCHAINS)) throw new Error(`srt-init is not written for ${process.arch}`);
  const all = flags.includes('--all') ? Object.keys(TOOLCHAINS) : [process.arch];
  const how = flags.includes('--sanitize') ? SANITIZED : RELEASE;
  for (const arch of all) for (const program of Object.keys(PROGRAMS)) compile(program, arch, how);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
