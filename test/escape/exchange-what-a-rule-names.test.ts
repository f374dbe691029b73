/* Threat: another sandbox that shares a folder, or what an earlier run left running, exchanges what
 * a rule names after srt has looked at it and before it is mounted on: for a link, which bubblewrap
 * would follow out of the folder, or for a decoy, to exchange it back when the mask lies on that. */
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createSandbox } from '../../src/sandbox.ts';
import { run, type Scratch, scratch } from '../support/srt.ts';
import { DIST, ENVIRONMENT, type Filesystem, look, policyOf, start } from './support/set-up.ts';

let dir: Scratch;
const at = (name: string) => join(dir.path, name);
beforeEach(() => {
  dir = scratch();
  for (const name of ['work/secrets/key', 'work/.env', 'work/sub/fixed', 'decoys/secrets/key'])
    dir.file(name, name);
  for (const name of ['outside/canary', 'outside/fixed', 'decoys/.env']) dir.file(name, name);
  dir.folder('work/build');
});
afterEach(() => dir.remove());

function exchange(one: string, other: string): void {
  renameSync(at(one), at('aside'));
  renameSync(at(other), at(one));
  renameSync(at('aside'), at(other));
}

function replaceByLink(name: string, target: string): void {
  renameSync(at(name), at('aside'));
  symlinkSync(target, at(name));
}

interface Attack {
  title: string;
  filesystem: Filesystem;
  act: () => void;
  /** Of srt's complaint. */
  errno: string;
  path: string;
  /** What the command would do if it ran; outside it works, which is the control. */
  line: string;
}

const WORK = { allowWrite: ['.'] };
const ATTACKS: readonly Attack[] = [
  {
    title: 'a denied folder, for a decoy',
    filesystem: { ...WORK, denyRead: ['./secrets'] },
    act: () => exchange('work/secrets', 'decoys/secrets'),
    ...{ errno: 'ESTALE', path: 'work/secrets', line: 'cat ../decoys/secrets/key' },
  },
  {
    title: 'a denied file, for a decoy',
    filesystem: { ...WORK, denyRead: ['./.env'] },
    act: () => exchange('work/.env', 'decoys/.env'),
    ...{ errno: 'ESTALE', path: 'work/.env', line: 'cat ../decoys/.env' },
  },
  {
    title: 'a denied file, for a folder',
    filesystem: { ...WORK, denyRead: ['./.env'] },
    act: () => exchange('work/.env', 'decoys/secrets'),
    ...{ errno: 'ESTALE', path: 'work/.env', line: 'cat ../decoys/secrets' },
  },
  {
    title: 'a denied folder, for a link',
    filesystem: { ...WORK, denyRead: ['./secrets'] },
    act: () => replaceByLink('work/secrets', at('outside')),
    ...{ errno: 'ELOOP', path: 'work/secrets', line: 'cat ../aside/key' },
  },
  {
    title: 'what stays read-only, for a link',
    filesystem: { ...WORK, denyWrite: ['./.env'] },
    act: () => replaceByLink('work/.env', at('outside/canary')),
    ...{ errno: 'ELOOP', path: 'work/.env', line: 'echo evil >> .env' },
  },
  {
    title: 'a folder above it, for a link: bubblewrap would bind the target, writable',
    filesystem: { ...WORK, denyWrite: ['./sub/fixed'] },
    act: () => replaceByLink('work/sub', at('outside')),
    ...{ errno: 'ELOOP', path: 'work/sub', line: 'echo evil >> sub/canary' },
  },
  {
    title: 'a folder above it, for a folder',
    filesystem: { ...WORK, denyWrite: ['./sub/fixed'] },
    act: () => exchange('work/sub', 'outside'),
    ...{ errno: 'ESTALE', path: 'work/sub', line: 'echo evil >> sub/canary' },
  },
  {
    title: 'a write root, for a link',
    filesystem: { allowWrite: ['./build'] },
    act: () => replaceByLink('work/build', at('outside')),
    ...{ errno: 'ELOOP', path: 'work/build', line: 'echo evil >> build/canary' },
  },
  {
    title: 'a write root, for a folder',
    filesystem: { allowWrite: ['./build'] },
    act: () => exchange('work/build', 'outside'),
    ...{ errno: 'ESTALE', path: 'work/build', line: 'echo evil >> build/canary' },
  },
];

describe('exchanged between the look and the mount: nothing starts', () => {
  test.each(ATTACKS)('$title', async ({ filesystem, act, errno, path, line }) => {
    const cwd = at('work');
    expect(await start(look(filesystem, cwd), ['echo', 'ran'])).toBe('ran\n');
    const plan = look(filesystem, cwd);
    const canary = openSync(at('outside/canary'), 'r');
    act();
    const command = ['sh', '-c', `${line} && echo escaped`];
    expect(await start(plan, command)).toBe(`SRT_LAUNCH_CHANGED ${errno} ${at(path)}`);
    expect(readFileSync(canary, 'utf8')).toBe('outside/canary');
    closeSync(canary);
    expect((await run(command, { cwd })).stdout).toMatch(/escaped\n$/);
  });

  test('a mount point that is gone', async () => {
    const plan = look({ ...WORK, denyRead: ['./secrets'] }, at('work'));
    renameSync(at('work/secrets'), at('aside'));
    expect(await start(plan, ['echo', 'ran'])).toBe(
      `SRT_LAUNCH_CHANGED ENOENT ${at('work/secrets')}`,
    );
    expect(existsSync(at('work/secrets'))).toBe(false);
    const control = await start(look(WORK, at('work')), ['mkdir', 'secrets']);
    expect([control, existsSync(at('work/secrets'))]).toEqual(['', true]);
  });

  test('an identity that is not the one of what is there', async () => {
    const plan = look({ ...WORK, denyWrite: ['./.env'] }, at('work'));
    const placements = plan.placements.map((placement) =>
      placement.mount.path === at('work/.env')
        ? { ...placement, identity: { device: 0n, inode: 1n } }
        : placement,
    );
    const refused = await start({ ...plan, placements }, ['echo', 'ran']);
    expect(refused).toBe(`SRT_LAUNCH_CHANGED ESTALE ${at('work/.env')}`);
    expect(await start(plan, ['echo', 'ran'])).toBe('ran\n');
  });
});

test('a sandbox that was made earlier looks again, and keeps its rules for what it finds', async () => {
  const cwd = at('work');
  const policy = policyOf({ ...WORK, denyRead: ['./secrets'] }, cwd);
  const sandbox = await createSandbox(policy, { cwd, dist: DIST, environment: ENVIRONMENT });
  exchange('work/secrets', 'decoys/secrets');
  let printed = '';
  const command = ['sh', '-c', 'cat secrets/key 2>&-; cat .env'];
  await sandbox.run(command, (chunk) => {
    printed += chunk.toString();
  });
  expect(printed).toBe('work/.env');
  expect(readFileSync(at('work/secrets/key'), 'utf8')).toBe('decoys/secrets/key');
});

test('exchanged after the start, the mask stays with what it covers', async () => {
  writeFileSync(at('work/wait'), '');
  const plan = look({ ...WORK, denyRead: ['./secrets'] }, at('work'));
  dir.file('work/decoy/key', 'decoy');
  const line =
    'echo > ready; while [ -e wait ]; do sleep 0.01; done; cat secrets/key decoy/key 2>&-';
  const output = start(plan, ['sh', '-c', line]);
  while (!existsSync(at('work/ready'))) await new Promise((resolve) => setTimeout(resolve, 5));
  exchange('work/secrets', 'work/decoy');
  renameSync(at('work/wait'), at('waited'));
  expect(await output).toBe('decoy');
  expect(readFileSync(at('work/decoy/key'), 'utf8')).toBe('work/secrets/key');
});
