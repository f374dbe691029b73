// Compiles the command line's bundle at build time and keeps V8's code beside it: a start that
// finds it skips most of the compiler's work. V8 refuses code of another build of itself and
// compiles as usual (vm.Script, cachedData), so a cache can be missing but never be wrong.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/* Settings with every list, so that what reads them is compiled too. */
const SETTINGS = {
  network: { allowedDomains: ['example.com', '*.example.org:443'], deniedDomains: ['192.0.2.1'] },
  filesystem: { denyRead: ['~/a'], allowRead: ['~/a/b'], allowWrite: ['~/c'], denyWrite: ['~/d'] },
};

/** The programs that run it: dist/srt.cjs, and dist/start.cjs, which is started by srt-init's front. The
 * cache is found by the digest of the very text it was
 * made from, and by the Node that made it; the text is ASCII, and read as what needs no decoding. */
function loaderFor(digest) {
  return `#!/usr/bin/env node
'use strict';
const { readFileSync } = require('node:fs');
const { Script } = require('node:vm');
const filename = __dirname + '/main.cjs';
let cachedData;
try {
  cachedData = readFileSync(__dirname + '/cache/${digest}-' + process.version + '-' + process.arch);
} catch {}
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
const lazy = new Set(['node:child_process', 'node:crypto', 'node:dgram', 'node:net']);
const load = (name) =>
  lazy.has(name) ? new Proxy({}, { get: (_, key) => require(name)[key] }) : require(name);
script.runInThisContext()(exports, load, module, filename, __dirname);
`;
}

/* Runs the bundle once and saves the code of all functions that this needed. */
const RECORD = `
const { readFileSync, writeFileSync } = require('node:fs');
const [filename, cache] = process.argv.splice(1, 2);
const script = new (require('node:vm').Script)(readFileSync(filename, 'latin1'), { filename });
process.argv.splice(1, 0, filename);
process.on('exit', () => writeFileSync(cache, script.createCachedData()));
script.runInThisContext()({}, require, module, filename, require('node:path').dirname(filename));
`;

/** Writes dist/srt.cjs and, where a sandbox can be started on this machine, its cache. */
export function writeLoader(dist) {
  const main = join(dist, 'main.cjs');
  const digest = createHash('sha256').update(readFileSync(main)).digest('hex').slice(0, 16);
  rmSync(join(dist, 'cache'), { recursive: true, force: true });
  mkdirSync(join(dist, 'cache'));
  for (const name of ['srt.cjs', 'start.cjs'])
    writeFileSync(join(dist, name), loaderFor(digest), { mode: 0o755 });
  const cache = join(dist, 'cache', `${digest}-${process.version}-${process.arch}`);
  const home = mkdtempSync(join(tmpdir(), 'srt-build-'));
  try {
    const settings = join(home, 'settings.json');
    writeFileSync(settings, JSON.stringify(SETTINGS));
    const env = { ...process.env, HOME: home };
    const command = [process.execPath, '--version'];
    const args = ['-e', RECORD, main, cache, '-s', settings, '--', ...command];
    execFileSync(process.execPath, args, { env, stdio: 'ignore', cwd: home });
  } catch {
    /* No sandbox here: what was compiled on the way to that answer is saved all the same. */
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return readdirSync(join(dist, 'cache')).length > 0;
}
