/* What a command reaches by the gate of its run on macOS. There is no sandbox around it here, so what
 * it could reach by itself is not the question: that is for the profile. */
import { once } from 'node:events';
import { type FakeMac, fakeMac } from '../../../support/mac.ts';
import { type HttpServer, httpServer } from '../../../support/servers.ts';
import { ended } from '../../../support/srt.ts';

let mac: FakeMac;
let listed: HttpServer;
let other: HttpServer;
beforeAll(async () => {
  mac = await fakeMac();
  listed = await httpServer('listed');
  other = await httpServer('other');
});
afterAll(async () => {
  await listed.close();
  await other.close();
  mac.remove();
});

const settings = () => ({ network: { allowedDomains: [`127.0.0.1:${listed.port}`] } });
const curl = (port: number, ...words: string[]) => [
  ...['curl', '-s', '-w', ' %{http_code}', ...words, `http://127.0.0.1:${port}/`],
];

test('the variables lead through the gate to what is listed, and to nothing else', async () => {
  const allowed = await mac.run(curl(listed.port), { settings: settings() });
  expect(allowed.stdout).toBe('reached listed 200');
  const refused = await mac.run(curl(other.port), { settings: settings() });
  expect(refused.stdout).toMatch(/srt refused .* 403$/s);
  expect(other.requests).toEqual([]);
  expect(mac.events()).toContainEqual(
    expect.objectContaining({ type: 'refused', port: other.port, reason: 'not-allowed' }),
  );
});

test('both proxies are on the one port that the profile names', async () => {
  const { stdout } = await mac.run(['sh', '-c', 'echo $HTTP_PROXY $ALL_PROXY']);
  const [http, socks] = stdout.split(/\s/).map((url) => Number(new URL(url || 'x:').port));
  expect([http, mac.profile()]).toEqual([
    socks,
    expect.stringContaining(`(allow network-outbound (remote ip "localhost:${http}"))`),
  ]);
});

test('who has the port alone has nothing', async () => {
  const line = 'port=${HTTP_PROXY##*:}; unset http_proxy; exec "$@" -x http://127.0.0.1:$port';
  const { stdout } = await mac.run(['sh', '-c', line, 'sh', ...curl(listed.port)], {
    settings: settings(),
  });
  expect(stdout).toMatch(/belongs to a sandbox.* 407$/s);
});

test('the token of one run is nothing to the gate of another', async () => {
  const holder = mac.start(['sh', '-c', 'echo $HTTP_PROXY; exec cat'], { settings: settings() });
  const end = ended(holder);
  const [line] = (await once(holder.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const url = new URL(line.toString().trim());
  const own = await mac.run(curl(listed.port, '-x', url.href), { settings: settings() });
  expect(own.stdout).toBe('reached listed 200');
  const mixed = 'exec "$@" -x "${HTTP_PROXY%:*}:$0"';
  const { stdout } = await mac.run(['sh', '-c', mixed, url.port, ...curl(listed.port)], {
    settings: settings(),
  });
  expect(stdout).toMatch(/ 407$/);
  holder.stdin?.end();
  await end;
});

test('the gate is gone with its run', async () => {
  const { stdout } = await mac.run(['sh', '-c', 'echo $HTTP_PROXY']);
  const { code } = await mac.run(curl(listed.port, '-x', stdout.trim()), { settings: settings() });
  expect(code).toBe(7);
});
