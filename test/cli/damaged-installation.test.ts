import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, type Scratch, scratch } from '../support/srt.ts';

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
  cpSync(join(ROOT, 'dist'), join(dir.path, 'dist'), { recursive: true });
});
afterAll(() => dir.remove());

const PROBE = `
const dns = require('node:dns'), net = require('node:net');
const resolver = new dns.Resolver({ timeout: 300, tries: 1 });
resolver.resolve4('allowed.test', (noName) => {
  const socket = net.connect(80, '192.0.2.77');
  socket.on('error', (noAddress) => {
    const proxied = net.connect(3128, '127.0.0.1');
    proxied.on('close', () => console.log(noName.code, noAddress.code, 'closed'));
  });
});`;

async function probe() {
  const settings = dir.settings({ network: { allowedDomains: ['allowed.test', '192.0.2.77'] } });
  const srt = join(dir.path, 'dist', 'bin', 'srt');
  const argv = [srt, '-s', settings, process.execPath, '-e', PROBE];
  return run(argv, { timeout: 15_000 });
}

test('without the services of the gate nothing passes it, a line says so, and the command runs on', async () => {
  rmSync(join(dir.path, 'dist', 'services.cjs'));
  const { code, stdout, stderr } = await probe();
  expect(stderr).toMatch(/^srt: nothing passes the gate, which cannot work: .*\n$/);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'ETIMEOUT EACCES closed\n' });
});
