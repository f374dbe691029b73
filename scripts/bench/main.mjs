// npm run bench [-- --quick] [--write] [--only PART]: srt beside plain Node, bare bubblewrap and the existing
// srt, in one run and interleaved. It informs and never judges: a missed budget is printed, and
// only what could not be measured makes the exit status 1.
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findCodex } from './codex.mjs';
import { createContestants, root } from './contestants.mjs';
import { writeDocument } from './document.mjs';
import { installExisting } from './existing.mjs';
import { describeMachine } from './machine.mjs';
import { measureConnections } from './parts/connections.mjs';
import { measureCrowd } from './parts/crowd.mjs';
import { measureFiles } from './parts/files.mjs';
import { measureIdle } from './parts/idle.mjs';
import { measureIdleTunnels } from './parts/idle-tunnels.mjs';
import { measureLargeFolder } from './parts/large-folder.mjs';
import { measureStartUp } from './parts/start-up.mjs';
import { measureSystemCalls } from './parts/system-calls.mjs';
import { measureTunnel } from './parts/tunnel.mjs';
import { killDescendants } from './process-tree.mjs';
import { renderTable } from './table.mjs';

const parts = [
  ['start-up', measureStartUp],
  ['idle', measureIdle],
  ['20 starts at once', measureCrowd],
  ['large folder', measureLargeFolder],
  ['connections', measureConnections],
  ['tunnel', measureTunnel],
  ['idle tunnels', measureIdleTunnels],
  ['system calls', measureSystemCalls],
  ['files', measureFiles],
];

const options = readOptions();

function readOptions() {
  try {
    const known = {
      quick: { type: 'boolean' },
      write: { type: 'boolean' },
      only: { type: 'string' },
    };
    const { values } = parseArgs({ options: known });
    if (values.only !== undefined && !parts.some(([name]) => name === values.only))
      throw new Error(`no part "${values.only}"; there are: ${parts.map(([n]) => n).join(', ')}`);
    if (values.only !== undefined && values.write) throw new Error('--write is for a whole run');
    return values;
  } catch (error) {
    console.error(`bench: ${error.message}`);
    process.exit(2);
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'srt-bench-'));

const folders = [temporary];

function cleanUp() {
  killDescendants(process.pid);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.once(signal, () => {
    cleanUp();
    process.exit(status);
  });
}

/** What the programs print may name folders of this machine, which are nobody's business. */
function withoutPaths(text) {
  return text.replaceAll(temporary, '…').replaceAll(root, '.').replaceAll(homedir(), '~');
}

const progress = (text) => process.stderr.write(`bench: ${text}\n`);

async function measureAll() {
  const notes = [];
  const unmeasured = [];
  const note = (text) => notes.push(withoutPaths(text));
  progress('installing the existing srt');
  const existing = await installExisting(join(temporary, 'existing'), note);
  const codex = await findCodex(note);
  if (codex) folders.push(codex.home);
  const bench = {
    quick: options.quick === true,
    temporary,
    note,
    ...createContestants(temporary, existing, codex?.words),
  };
  const rows = [];
  for (const [name, measure] of parts) {
    if (options.only !== undefined && options.only !== name) continue;
    progress(name);
    try {
      rows.push(...(await measure(bench)));
    } catch (error) {
      unmeasured.push(withoutPaths(`${name}: ${error.message}`));
    }
  }
  return { rows, notes, unmeasured };
}

try {
  const { rows, notes, unmeasured } = await measureAll();
  const machine = describeMachine();
  console.log(`${machine}\n\n${renderTable(rows)}`);
  for (const note of notes) console.log(`note: ${note}`);
  for (const what of unmeasured) console.log(`not measured: ${what}`);
  if (unmeasured.length > 0) process.exitCode = 1;
  else if (options.write) writeDocument(join(root, 'docs/benchmarks.md'), { machine, rows, notes });
} finally {
  cleanUp();
}
