// npm run build: everything that dist/ holds, for this machine. --all: srt-init for every one.
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, root } from './bundle.mjs';

const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });

await bundle();
chmodSync(join(root, 'dist/srt.cjs'), 0o755);
run('node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json');
run('scripts/build-native.mjs', ...process.argv.slice(2));
