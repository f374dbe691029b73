// npm run race [-- SECONDS]: the races for names, in one sandbox and in two that share a folder, for
// this long each instead of the few seconds that they have in the suite.
import { spawnSync } from 'node:child_process';
import { root } from './root.mjs';

const seconds = Number(process.argv[2] ?? 60);
const words = ['node_modules/jest/bin/jest.js', 'race-the-names', '--testTimeout=86400000'];
const env = { ...process.env, SRT_RACE_SECONDS: String(seconds) };
const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env });
process.exit(status ?? 1);
