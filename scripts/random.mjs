// npm run random [-- TREES [SEED]]: random trees, settings and operations in as many sandboxes, each
// result held against what the rules say (test/escape/random-trees.test.ts). Needs a build.
import { execFileSync } from 'node:child_process';
import { root } from './root.mjs';

const [trees = '200', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
console.log(`${trees} trees, seed ${seed}`);
const env = { ...process.env, SRT_RANDOM_TREES: trees, SRT_RANDOM_SEED: seed };
const args = ['node_modules/jest/bin/jest.js', 'test/escape/random-trees'];
execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
