// What every start needs of the usual protected names, made once: compiling a thousand patterns takes
// longer than starting the sandbox.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from './root.mjs';

function compiled() {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'src/compile/names/own-names.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const module = { exports: {} };
  new Function('module', outputFiles[0].text)(module);
  const { compileOwnNames, USUAL_NAMES, USUAL_TOLD } = module.exports;
  return compileOwnNames(USUAL_NAMES, USUAL_TOLD);
}

/** dist/protected-names.bin; src/host/usual-names.ts reads it. */
export function writeUsualNames(dist) {
  const { nodes, encoded } = compiled();
  const count = Buffer.alloc(4);
  count.writeUInt32LE(nodes);
  writeFileSync(join(dist, 'protected-names.bin'), Buffer.concat([count, encoded]));
}
