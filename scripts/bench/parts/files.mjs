import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../child.mjs';
import { root } from '../contestants.mjs';
import { beyond, interleave, summarise } from '../rounds.mjs';
import { atMost } from '../table.mjs';

const client = join(root, 'scripts/bench/inside/files.mjs');

/** What it costs that names are decided one by one. Reading is not asked about at all. Nothing that a job
 * has made is removed before all have ended: for a minute, and up to five, ext4 makes no file in the place of
 * one that was removed, and looks at all of those for each file that it makes (recently_deleted,
 * fs/ext4/ialloc.c), which takes a hundred times as long as making one. */
export async function measureFiles({ quick, temporary, note, direct, srt }) {
  const limits = { rounds: quick ? 1 : 7, warmUp: quick ? 0 : 1, seconds: 60, note };
  const measure = async (words, kind, prepare = () => temporary) =>
    interleave([direct, srt], limits, async (one) => {
      const cwd = prepare();
      const argv = one.wrap([process.execPath, client, ...words], kind);
      const { stdout } = await runToEnd(argv, { cwd, timeout: 120_000 });
      return Number(stdout);
    });
  const count = String(quick ? 2_000 : 20_000);
  const created = await measure(['create', '/dev/shm', count], 'project');
  const read = await measure(['read', '/dev/shm', count], 'project');
  const passed = await measure(['pass', count], 'project');
  const jobs = makeJobs(temporary, quick);
  const rows = [
    {
      what: 'a call that srt-init only lets pass (umask), µs',
      figures: summarise(passed),
      digits: 1,
    },
    { what: 'make a file on tmpfs, µs', figures: summarise(created), digits: 1 },
    {
      what: 'make a file on tmpfs beyond the control, µs',
      figures: { srt: beyond(created, () => created.control).srt },
      digits: 1,
      budget: atMost(40, ' µs'),
    },
    { what: 'open a file to read it, and stat it, µs', figures: summarise(read), digits: 2 },
  ];
  for (const { what, words, kind, prepare, times } of jobs) {
    const took = await measure(['run', ...words], kind, prepare);
    rows.push({ what: `${what}, ms`, figures: summarise(took) });
    const ratio = took.srt.map((sample, round) => sample / took.control[round]);
    rows.push({
      what: `${what}, times the control`,
      figures: summarise({ srt: ratio }),
      digits: 2,
      better: 'neither',
      budget: atMost(times),
    });
  }
  return rows;
}

/* Each in a folder of its own with all that it needs, new for each time: nobody pays for what another
 * has left, and nothing else below the temporary folder is there inside. What was written before is on
 * the disk before a job begins. */
function makeJobs(temporary, quick) {
  const folder = (...needed) => {
    const made = mkdtempSync(join(temporary, 'job-'));
    for (const path of needed) execFileSync('cp', ['-a', path, made]);
    execFileSync('sync');
    return made;
  };
  const archive = join(temporary, 'small-files.tar');
  const repository = join(temporary, 'repository.git');
  const cache = join(temporary, 'cache');
  makeArchive(temporary, archive, quick ? 1_000 : 10_000);
  makeRepository(repository, quick ? 500 : 5_000);
  const project = ['package.json', 'package-lock.json'].map((name) => join(root, name));
  const ci = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', 'cache'];
  fillCache(cache, folder(...project), ci);
  return [
    {
      what: 'untar of 10,000 small files',
      words: ['tar', 'xf', 'small-files.tar'],
      kind: 'project',
      prepare: () => folder(archive),
      times: 1.5,
    },
    {
      what: 'git clone of 5,000 files',
      words: ['git', 'clone', '-q', '--no-hardlinks', 'repository.git', 'clone'],
      kind: 'repository',
      prepare: () => folder(repository),
      times: 1.05,
    },
    {
      what: 'npm ci of 467 packages, offline',
      words: [...ci, '--offline'],
      kind: 'project',
      prepare: () => folder(cache, ...project),
      times: 1.05,
    },
  ];
}

function fill(folder, count) {
  for (let made = 0; made < count; made++) {
    const below = join(folder, `d${Math.floor(made / 100)}`);
    if (made % 100 === 0) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `f${made}.txt`), 'x'.repeat(500 + (made % 3000)));
  }
}

function makeArchive(temporary, archive, count) {
  const folder = join(temporary, 'small-files');
  fill(folder, count);
  execFileSync('tar', ['cf', archive, 'small-files'], { cwd: temporary });
}

function makeRepository(bare, count) {
  const folder = join(bare, '..', 'repository');
  fill(folder, count);
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'files');
  git('clone', '-q', '--bare', '.', bare);
}

/** The one time that packages come from the user's own registry. */
function fillCache(cache, project, [npm, ...args]) {
  execFileSync(npm, args, { cwd: project, stdio: 'ignore' });
  execFileSync('cp', ['-a', join(project, 'cache'), cache]);
}
