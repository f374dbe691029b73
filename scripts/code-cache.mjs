// Compiles the command line's bundle at build time and keeps V8's code beside it: a start that
// finds it skips most of the compiler's work. V8 refuses code of another build of itself and
// compiles as usual (vm.Script, cachedData), so a cache can be missing but never be wrong.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/* Settings with every list, so that what reads them is compiled too. */
const SETTINGS = {
  network: { allowedDomains: ['example.com', '*.example.org:443'], deniedDomains: ['192.0.2.1'] },
  filesystem: { denyRead: ['~/a'], allowRead: ['~/a/b'], allowWrite: ['~/c'], denyWrite: ['~/d'] },
};

/* Without a listener it opens Node's debugger, to every user of the machine. Where the front starts Node, it keeps
   the signal until there is one. */
const NO_DEBUGGER = "process.on('SIGUSR1', () => {});\n";

/** The programs that run the bundle: dist/srt.cjs, and dist/start.cjs, which the front starts
 * (native/front/). Each has a cache of what it needs, which is found by the digest of the very text it
 * was made from, and by the Node that made it; the text is ASCII, and read as what needs no decoding.
 * What of Node takes long to load and many a command does without is loaded when it is used. */
function loaderFor(name, digest) {
  return `#!/usr/bin/env node
'use strict';
${name === 'srt' ? NO_DEBUGGER : ''}const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/main.cjs';
let cachedData;
try {
  cachedData = readFileSync(__dirname + '/cache/${name}-${digest}-' + process.version + '-' + process.arch);
} catch {}
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
const lazy = new Set(['node:child_process', 'node:crypto', 'node:dgram', 'node:net', 'node:tty']);
const load = (name) =>
  lazy.has(name) ? new Proxy({}, { get: (_, key) => require(name)[key] }) : require(name);
script.runInThisContext()(exports, load, module, filename, __dirname);
`;
}

/** A program that runs the bundle once in the place of dist/start.cjs or dist/srt.cjs, and saves the code of
 * all functions that this needed. Under the front it ends by a signal to itself. */
function recorder(main, cache) {
  return `
const { readFileSync, writeFileSync } = require('node:fs');
const filename = ${JSON.stringify(main)};
const script = new (require('node:vm').Script)(readFileSync(filename, 'latin1'), { filename });
const save = () => writeFileSync(${JSON.stringify(cache)}, script.createCachedData());
const { kill } = process;
process.kill = (...args) => {
  save();
  return kill.apply(process, args);
};
process.on('exit', save);
script.runInThisContext()({}, require, module, filename, require('node:path').dirname(filename));
`;
}

/** What runs a recorder: argv without the words of srt. */
const START = {
  'srt.cjs': (dist) => [process.execPath, join(dist, 'srt.cjs')],
  'start.cjs': (dist, built) => {
    const native = join(dist, 'native');
    mkdirSync(join(dist, 'bin'));
    symlinkSync(join(built, 'native'), native);
    copyFileSync(join(native, `srt-${process.arch}`), join(dist, 'bin', 'srt'));
    return [join(dist, 'bin', 'srt')];
  },
};

function record(name, dist, cache) {
  const home = mkdtempSync(join(tmpdir(), 'srt-build-'));
  try {
    const settings = join(home, 'settings.json');
    writeFileSync(settings, JSON.stringify(SETTINGS));
    writeFileSync(join(home, name), recorder(join(dist, 'main.cjs'), cache));
    const [program, ...args] = [...START[name](home, dist), '-s', settings];
    const command = ['--', process.execPath, '--version'];
    const env = { ...process.env, HOME: home };
    execFileSync(program, [...args, ...command], { env, stdio: 'ignore', cwd: home });
  } catch {
    /* No sandbox here: what was compiled on the way to that answer is saved all the same. */
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Writes dist/srt.cjs and dist/start.cjs and, where they can be run on this machine, their caches. */
export function writeLoaders(dist) {
  const main = readFileSync(join(dist, 'main.cjs'));
  const digest = createHash('sha256').update(main).digest('hex').slice(0, 16);
  const caches = join(dist, 'cache');
  rmSync(caches, { recursive: true, force: true });
  mkdirSync(caches);
  for (const file of Object.keys(START)) {
    const name = file.replace('.cjs', '');
    writeFileSync(join(dist, file), loaderFor(name, digest), { mode: 0o755 });
    record(file, dist, join(caches, `${name}-${digest}-${process.version}-${process.arch}`));
  }
  return readdirSync(caches).length > 0;
}
