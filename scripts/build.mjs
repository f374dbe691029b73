// npm run build: everything that dist/ holds, for this machine. --all: srt-init for every one.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { writeLoaders } from './code-cache.mjs';
import { placeFront } from './front.mjs';
import { root } from './root.mjs';

const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });

await bundle();
run('node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json');
run('scripts/build-native.mjs', ...process.argv.slice(2));
// Last: it starts what was built.
if (!writeLoaders(join(root, 'dist'))) console.log('no code cache: starts will be slower');
placeFront(join(root, 'dist'));
