// npm test [-- JEST ARGUMENTS]: sets up what a fresh clone lacks, checks the sources, runs the
// tests. Tests that this machine cannot run say so; with SRT_REQUIRE=1 they fail instead.
import { spawnSync } from 'node:child_process';
import { root } from './root.mjs';
import { setUp } from './set-up.mjs';

const node = (...args) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

await setUp();
node('scripts/prepare-tests.mjs');
const jestArguments = process.argv.slice(2);
if (jestArguments.length === 0) {
  node('node_modules/typescript/bin/tsc', '--noEmit');
  node('node_modules/@biomejs/biome/bin/biome', 'check', '.');
  node('scripts/check-layout.mjs');
}
node('node_modules/jest/bin/jest.js', ...jestArguments);
