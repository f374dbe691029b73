/* Threat: the devices in a sandbox are the host's own files, and root inside is their owner. A chmod
 * of /dev/null would be one for every user of the machine. */
import { statSync } from 'node:fs';
import { runUnmediated } from '../support/control.ts';
import { isRoot, requires } from '../support/requires.ts';
import { type Scratch, scratch, srt } from '../support/srt.ts';

/* What it is already, so that nothing comes of an attack that succeeds. */
const ATTACK = ['sh', '-c', 'for f in "$@"; do chmod 666 $f && echo $f; done', 'sh'];
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'].map((name) => `/dev/${name}`);
const READ_ONLY = DEVICES.map(
  (device) => `chmod: changing permissions of '${device}': Read-only file system\n`,
);

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => dir.remove());

const root = requires('root, whose uid owns the devices', isRoot);

root('the mode of no device can be changed', async () => {
  const { stdout, stderr } = await srt([...ATTACK, ...DEVICES]);
  expect([stdout, stderr]).toEqual(['', READ_ONLY.join('')]);
});

root('though its owner may, without a capability: the control', async () => {
  expect(statSync('/dev/null').mode & 0o7777).toBe(0o666);
  const { stdout } = await runUnmediated(dir.path, [...ATTACK, '/dev/null']);
  expect(stdout).toBe('/dev/null\n');
});

test('devices can be written to as ever', async () => {
  const { code, stderr } = await srt(['sh', '-c', 'echo x > /dev/null && echo x > /dev/full']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('I/O error')]);
});
