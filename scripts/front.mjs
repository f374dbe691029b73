// Puts the program in place that package.json names: dist/bin/srt. On Linux that is a small native program,
// which starts Node and the sandbox at the same time (native/front/front.h). A package is for every machine, so
// in it dist/bin/srt is a script; installing the package runs this file, and where that is not wished
// for, srt only starts slower.
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = "#!/usr/bin/env node\nrequire('../srt.cjs');\n";

/* Without it the script, which has no ending, would be an ES module as the package is. */
const TYPE = '{ "type": "commonjs" }\n';

/** `portable`: for any machine. Does nothing where nothing was built. */
export function placeFront(dist, { portable = false } = {}) {
  if (!existsSync(join(dist, 'srt.cjs'))) return;
  const bin = join(dist, 'bin');
  const made = join(bin, 'srt.new');
  const native = join(dist, 'native', `srt-${process.arch}`);
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'package.json'), TYPE);
  if (!portable && process.platform === 'linux' && existsSync(native)) copyFileSync(native, made);
  else writeFileSync(made, SCRIPT);
  chmodSync(made, 0o755);
  /* One that runs cannot be overwritten, only replaced. */
  renameSync(made, join(bin, 'srt'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(dirname(process.argv[1]), '..', 'dist');
  placeFront(dist, { portable: process.argv.includes('--portable') });
}
