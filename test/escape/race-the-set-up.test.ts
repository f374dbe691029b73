/* Threat: the folders of a sandbox are shared with code that exchanges what rules name as fast as it
 * can, all the time: while srt looks, while mounts are made, while the command runs. What srt
 * looked at is what the command never sees or writes, by whatever name, whatever the moment; and
 * nothing outside is reached. `npm run fuzz` goes on for longer. */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchPlan } from '../../src/compile/plan.ts';
import { isSrtError } from '../../src/errors.ts';
import { buildC } from '../support/build-c.ts';
import { requires } from '../support/requires.ts';
import { FUZZ_FACTOR } from '../support/seeded.ts';
import { ended, ROOT, run, type Scratch, scratch } from '../support/srt.ts';
import { type Filesystem, look, start } from './support/set-up.ts';

const EXCHANGE = buildC(join(ROOT, 'test', 'support', 'exchange.c'));
const STARTS = 30 * FUZZ_FACTOR;

interface Race {
  title: string;
  filesystem: Filesystem;
  /** What is exchanged; the first is what a rule is about, or a folder above that. */
  pair: readonly [string, string];
  /** Where the second leads; null for a decoy. */
  link: string | null;
  /** What a rule is about, and what else may be there when srt looks: with a file in it, or alone. */
  guarded: readonly (readonly [string, string])[];
  /** What the command does, many times. */
  line: string;
}

const READ = 'cat secrets/key other/key';
const WRITE = 'for file in .env other sub/fixed other/fixed; do echo evil >> $file; done';

const RACES: readonly Race[] = [
  {
    title: 'a denied folder and a decoy',
    filesystem: { allowWrite: ['.'], denyRead: ['./secrets', '../outside'] },
    pair: ['secrets', 'other'],
    link: null,
    guarded: [
      ['secrets', 'secrets/key'],
      ['other', 'other/key'],
    ],
    line: READ,
  },
  {
    title: 'a denied folder and a link out',
    filesystem: { allowWrite: ['.'], denyRead: ['./secrets', '../outside'] },
    pair: ['secrets', 'other'],
    link: '../outside',
    guarded: [['secrets', 'secrets/key']],
    line: READ,
  },
  {
    title: 'a read-only file and a decoy',
    filesystem: { allowWrite: ['.'], denyWrite: ['./.env'] },
    pair: ['.env', 'other'],
    link: null,
    guarded: [
      ['.env', '.env'],
      ['other', 'other'],
    ],
    line: WRITE,
  },
  {
    title: 'a read-only file and a link out',
    filesystem: { allowWrite: ['.'], denyWrite: ['./.env'] },
    pair: ['.env', 'other'],
    link: '../outside/canary',
    guarded: [['.env', '.env']],
    line: WRITE,
  },
  {
    title: 'the folder above a read-only file and a link out',
    filesystem: { allowWrite: ['.'], denyWrite: ['./sub/fixed'] },
    pair: ['sub', 'other'],
    link: '../outside',
    guarded: [['sub/fixed', 'sub/fixed']],
    line: WRITE,
  },
];

/** An open file, which stays the same one under every name. */
class Held {
  readonly descriptor: number;
  readonly before: string;
  constructor(path: string) {
    this.descriptor = openSync(path, 'r');
    this.before = this.text();
  }
  text(): string {
    const buffer = Buffer.alloc(fstatSync(this.descriptor).size);
    readSync(this.descriptor, buffer, 0, buffer.length, 0);
    return buffer.toString();
  }
}

let dir: Scratch;
afterEach(() => dir.remove());
const at = (name: string) => join(dir.path, 'work', name);

function makePlace({ link, guarded }: Race): void {
  dir = scratch();
  for (const name of ['secrets/key', 'sub/fixed', '.env']) dir.file(`work/${name}`, `of ${name}`);
  for (const name of ['canary', 'key', 'fixed']) dir.file(`outside/${name}`, `of ${name} outside`);
  if (link !== null) symlinkSync(link, at('other'));
  for (const [, file] of guarded) if (file.startsWith('other')) dir.file(`work/${file}`, 'decoy');
}

function inodesOf({ placements }: LaunchPlan): bigint[] {
  return placements.flatMap(({ identity }) =>
    identity === null || identity === 'at-start' ? [] : [identity.inode],
  );
}

/** Until srt has seen what is guarded: of a link in its place it covers the name, and what the link
 * leads to. */
function lookAtLast(filesystem: Filesystem, held: ReadonlyMap<bigint, Held>): LaunchPlan {
  for (;;) {
    try {
      const plan = look(filesystem, at('.'));
      if (inodesOf(plan).some((inode) => held.has(inode))) return plan;
    } catch (error) {
      const refused = ['SRT_COMPILE_UNENFORCEABLE', 'SRT_LAUNCH_CHANGED'];
      if (!isSrtError(error) || !refused.includes(error.code)) throw error;
    }
  }
}

/** Starts the command, and says how it went. */
async function attempt(
  race: Race,
  plan: LaunchPlan,
  held: ReadonlyMap<bigint, Held>,
): Promise<string> {
  const [guarded] = inodesOf(plan).flatMap((inode) => held.get(inode) ?? []);
  const before = guarded?.text();
  const line = `echo ran; for i in $(seq 40); do ${race.line}; done 2>/dev/null; true`;
  const printed = await start(plan, ['sh', '-c', line]);
  /* FAILED is bubblewrap's: what it is to bind is not there at all. */
  if (/^SRT_LAUNCH_(CHANGED|FAILED)/.test(printed)) return 'refused';
  if (!printed.startsWith('ran') || !guarded) return `neither: ${printed}`;
  if (race.line === READ && printed.includes(guarded.before)) return 'SEEN';
  return guarded.text() === before ? 'ran' : 'WRITTEN';
}

requires('a C compiler', EXCHANGE !== null).each(RACES)(
  '$title, exchanged all the time',
  async (race: Race) => {
    makePlace(race);
    const held = new Map(
      race.guarded.map(([of, file]) => [
        statSync(at(of), { bigint: true }).ino,
        new Held(at(file)),
      ]),
    );
    const outside = ['canary', 'key', 'fixed'].map((name) => new Held(at(`../outside/${name}`)));
    const racer = spawn(EXCHANGE as string, race.pair, { cwd: at('.'), stdio: 'pipe' });
    const raced = ended(racer, 120_000 * FUZZ_FACTOR);
    const results: string[] = [];
    try {
      while (results.length < STARTS) {
        const plan = lookAtLast(race.filesystem, held);
        results.push(await attempt(race, plan, held));
      }
    } finally {
      racer.stdin.end();
    }
    const { code, stdout } = await raced;
    expect([code, Number(stdout) > 0]).toEqual([0, true]);
    expect(results.filter((result) => result !== 'ran' && result !== 'refused')).toEqual([]);
    expect(results).toContain('ran');
    expect(outside.map((file) => file.text())).toEqual(outside.map((file) => file.before));
    /* Outside, the same acts reach what is guarded. */
    const [first] = held.values();
    const { stdout: seen } = await run(['sh', '-c', race.line], { cwd: at('.') });
    expect(seen.includes(first?.before ?? '?') || first?.text().includes('evil')).toBe(true);
    for (const file of [...held.values(), ...outside]) closeSync(file.descriptor);
  },
);
