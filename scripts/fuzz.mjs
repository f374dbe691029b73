// npm run fuzz [-- SECONDS]: libFuzzer with AddressSanitizer and UBSan on srt-init's parser, the
// seeded tests of the gate's parsers and of profiles and the race for the set-up with many more rounds, then the
// whole suite of command line, escape and connection tests on a sanitized srt-init. Needs clang.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const out = join(root, 'dist/test/fuzz-message');
const seconds = Number(process.argv[2] ?? 60);
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env } });

mkdirSync(join(root, 'dist/test'), { recursive: true });
const sanitizers = '-fsanitize=fuzzer,address,undefined';
const files = ['rules', 'standing', 'tree', 'glob', 'fold', 'outward'].map(
  (name) => `native/files/${name}.c`,
);
const parsers = ['message', 'cursor', 'mounts/mount'].map((name) => `native/${name}.c`);
const sources = ['test/native/fuzz-message.c', ...parsers, ...files];
run('clang', '-g', '-O1', sanitizers, '-fno-sanitize-recover=all', '-o', out, ...sources);
run(out, `-max_total_time=${seconds}`, '-max_len=4096', '-print_final_stats=1');

const jest = (...paths) => run(process.execPath, 'node_modules/jest/bin/jest.js', ...paths);

/* Each of these tests takes about a second in the suite. */
process.env.SRT_FUZZ_FACTOR = String(seconds);
const seeded = ['fuzz', 'mounts-property', 'judge-property', 'moving-about', 'names-and-patterns'];
jest(...seeded, 'race-the-set-up', '--testTimeout=86400000');
process.env.SRT_FUZZ_FACTOR = '1';

const buildNative = (...flags) => {
  run(process.execPath, 'scripts/build-native.mjs', ...flags);
  run(process.execPath, 'scripts/front.mjs');
};

buildNative('--sanitize');
try {
  jest('test/cli', 'test/escape', 'test/scenarios/connect-without-proxies');
} finally {
  buildNative();
}
