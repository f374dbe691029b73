// npm run random [-- [mac] [TREES [SEED]]]: random trees, settings and operations in as many sandboxes,
// each result held against what the rules say (test/escape/random-trees.test.ts), which needs a build;
// with "mac" Seatbelt profiles for random trees and rules instead, as an evaluator reads them
// (test/unit/compile/seatbelt/random-trees.test.ts), on any machine.
import { execFileSync } from 'node:child_process';
import { root } from './root.mjs';

const [first, ...rest] = process.argv.slice(2);
const mac = first === 'mac';
const given = mac || first === undefined ? rest : [first, ...rest];
const [trees = mac ? '1000' : '200', seed = String(Date.now() % 2 ** 31)] = given;
console.log(`${trees} trees, seed ${seed}`);
const env = { ...process.env, SRT_RANDOM_TREES: trees, SRT_RANDOM_SEED: seed };
const tests = mac ? 'test/unit/compile/seatbelt/random-trees' : 'test/escape/random-trees';
const args = ['node_modules/jest/bin/jest.js', tests];
execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
