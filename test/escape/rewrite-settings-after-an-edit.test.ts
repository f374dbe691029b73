/* Threat: settings in a folder that the command can write are protected by a mount, which the kernel
 * removes when an editor outside puts a new file in the place of the old one. From then on the
 * command can write them; srt, which follows the file, must not take them for the user's. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Live, startLive } from '../support/live.ts';
import { type HttpServer, httpServer } from '../support/servers.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import { BLOCKED, verdict } from './support/gate-client.ts';

describe('settings inside a write root', () => {
  let dir: Scratch;
  let server: HttpServer;
  let live: Live | undefined;
  beforeEach(async () => {
    dir = scratch();
    server = await httpServer('server');
  });
  afterEach(async () => {
    live?.kill();
    await server.close();
    dir.remove();
  });

  /** JSON without blanks. */
  const settings = (allow: boolean) =>
    JSON.stringify({
      network: { allowedDomains: allow ? [`127.0.0.1:${server.port}`] : [] },
      filesystem: { allowWrite: [dir.path] },
    });

  async function started() {
    const path = dir.file('s.json', settings(false));
    live = await startLive(['-s', path]);
    const to = `127.0.0.1:${server.port}`;
    const { ask, told, write } = live;
    const reach = async () => verdict(await ask(to));
    expect(await reach()).toBe(BLOCKED);
    expect(await write(path, settings(true))).toBe('EROFS');
    return { path, told, write, reach };
  }

  test('edited in place stay protected, and count: the control', async () => {
    const { path, told, write, reach } = await started();
    writeFileSync(path, settings(true));
    await told('the network lists are those of');
    expect(await reach()).toBe('reached server');
    expect(await write(path, '{}')).toBe('EROFS');
  });

  test('replaced from outside count no longer, and stay protected by their name', async () => {
    const { path, told, write, reach } = await started();
    const saved = join(dir.path, 's.json.saved');
    writeFileSync(saved, `${settings(false)}\n`);
    renameSync(saved, path);
    expect(await told('the network lists stay as they were')).toContain(
      `${path}: is another file now, in a place that the command can write`,
    );
    /* The kernel took the mount away with the file that it was on. */
    expect(await write(path, settings(true))).toBe('EROFS');
    expect(readFileSync(path, 'utf8')).toBe(`${settings(false)}\n`);
    /* Three looks at the file later. */
    await new Promise((done) => setTimeout(done, 3000));
    expect(await reach()).toBe(BLOCKED);
    expect(server.requests).toEqual([]);
  });
});
