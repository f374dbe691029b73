import { type Check, REPORT_IT } from './doctor-checks.ts';

/** What the probe is given: its folders, and a port of this machine on which the doctor listens. */
export interface MacProbeInput {
  readable: string;
  denied: string;
  inside: string;
  outside: string;
  port: number;
}

/** Runs inside a sandbox of the doctor's and tries one thing that is allowed and one that is not of
 * each kind; prints one JSON object. As text, because it must not depend on any file that a sandbox
 * might hide. Argument: MacProbeInput as JSON. */
export const MAC_PROBE_SCRIPT = `
const fs = require('node:fs'), net = require('node:net'), os = require('node:os');
const dgram = require('node:dgram'), dns = require('node:dns');
const { spawnSync } = require('node:child_process');
const { readable, denied, inside, outside, port } = JSON.parse(process.argv[1]);
const proxy = new URL(process.env.HTTP_PROXY);
const attempt = (act) => { try { act(); return 'succeeded'; } catch (e) { return e.code || String(e); } };
const start = (file, ...args) => {
  const { error, status } = spawnSync(file, args, { stdio: 'ignore' });
  return error ? error.code : status === 0 ? 'succeeded' : 'status ' + status;
};
const wait = (emitter, success, begin) => new Promise((resolve) => {
  const timer = setTimeout(() => resolve('timeout'), 5000);
  const done = (said) => { clearTimeout(timer); resolve(said); };
  emitter.once(success, () => done('succeeded')).once('error', (e) => done(e.code || String(e)));
  begin();
});
const connect = (options) => {
  const socket = new net.Socket();
  return wait(socket, 'connect', () => socket.connect(options)).finally(() => socket.destroy());
};
const listen = (options) => {
  const server = net.createServer();
  return wait(server, 'listening', () => server.listen(options)).finally(() => server.close());
};
const ask = (headers) => new Promise((resolve) => {
  const socket = net.connect(Number(proxy.port), proxy.hostname);
  let answer = '';
  socket.setTimeout(5000, () => socket.destroy());
  socket.on('data', (data) => { answer += data; }).on('error', (e) => { answer = e.code; });
  socket.on('close', () => resolve(/^HTTP.1.1 \\d+/.exec(answer)?.[0].slice(9) ?? answer));
  socket.write(['CONNECT srt-doctor.invalid:443 HTTP/1.1', 'host: x', ...headers, '', ''].join('\\r\\n'));
});
const token = Buffer.from(proxy.username + ':' + proxy.password).toString('base64');
(async () => {
  const child = require('node:child_process').spawn('/bin/sleep', ['30'], { stdio: 'ignore' });
  const udp = dgram.createSocket('udp4');
  const result = {
    read: attempt(() => fs.readFileSync(readable)),
    readDenied: attempt(() => fs.readFileSync(denied)),
    write: attempt(() => fs.writeFileSync(inside + '/new', 'x')),
    writeOutside: attempt(() => fs.writeFileSync(outside + '/new', 'x')),
    temporary: attempt(() => fs.rmdirSync(fs.mkdtempSync(os.tmpdir() + '/x-'))),
    rename: attempt(() => fs.renameSync(inside + '/free', inside + '/moved')),
    renameKept: attempt(() => fs.renameSync(inside + '/kept', inside + '/gone')),
    create: attempt(() => fs.mkdirSync(inside + '/made')),
    createKept: attempt(() => fs.mkdirSync(inside + '/unfit')),
    createOtherCase: attempt(() => fs.mkdirSync(inside + '/UnFit')),
    createJoined: attempt(() => fs.mkdirSync(inside + '/un\\ufb01t')),
    replaceJoined: attempt(() => fs.renameSync(inside + '/new', inside + '/kept/\\ufb01le')),
    name: attempt(() => fs.writeFileSync(inside + '/.mcp.json', 'x')),
    nameInFolder: attempt(() => fs.writeFileSync(inside + '/.vscode/tasks.json', 'x')),
    nameByRename: attempt(() => fs.renameSync(inside + '/made', inside + '/.idea')),
    passage: attempt(() => fs.mkdirSync(inside + '/.github')),
    passageByRename: attempt(() => fs.renameSync(inside + '/made', inside + '/.claude')),
    passageMoved: attempt(() => fs.renameSync(inside + '/.git', inside + '/elsewhere')),
    passageFile: attempt(() => fs.writeFileSync(inside + '/.codex', 'x')),
    pattern: attempt(() => fs.writeFileSync(inside + '/made/a.keep', 'x')),
    patternCarried: attempt(() => {
      const folder = fs.mkdtempSync(os.tmpdir() + '/x-');
      try { fs.writeFileSync(folder + '/a.keep', 'x'); }
      finally { fs.rmSync(folder, { recursive: true }); }
    }),
    patternHidden: attempt(() => fs.readFileSync(inside + '/a.hide')),
    link: attempt(() => fs.linkSync(readable, inside + '/link')),
    run: start('/usr/bin/true'),
    runDenied: start(denied),
    runSetUserId: start('/bin/ps'),
    signal: attempt(() => process.kill(child.pid, 0)),
    signalOutside: attempt(() => process.kill(process.ppid, 0)),
    gate: await ask(['proxy-authorization: Basic ' + token]),
    gateWithoutToken: await ask([]),
    connect: await connect({ host: '192.0.2.1', port: 80 }),
    connectHere: await connect({ host: '127.0.0.1', port }),
    connectUnix: await connect({ path: '/var/run/mDNSResponder' }),
    datagram: await new Promise((resolve) =>
      udp.send('x', 80, '192.0.2.1', (e) => resolve(e ? e.code : 'succeeded'))),
    listen: await listen({ host: '127.0.0.1', port: 0 }),
    listenUnix: await listen({ path: inside + '/socket' }),
    hostName: await new Promise((resolve) =>
      dns.lookup('srt-doctor.example.com', (e) => resolve(e ? e.code : 'succeeded'))),
  };
  child.kill();
  udp.close();
  console.log(JSON.stringify(result));
})();
`;

export type MacProbeResult = Readonly<Record<string, string>>;

const DENIED = ['EPERM', 'EACCES'];
const DONE = ['succeeded'];

/** What of the probe belongs to which promise, and what it must have met with. */
const PROMISES: readonly (readonly [capability: string, key: string, expected: string[]])[] = [
  ['reading', 'read', DONE],
  ['denied reads', 'readDenied', DENIED],
  ['writing', 'write', DONE],
  ['denied writes', 'writeOutside', DENIED],
  ['temporary folder', 'temporary', DONE],
  ['renaming', 'rename', DONE],
  ['folders that stay', 'renameKept', DENIED],
  ['creating', 'create', DONE],
  ['names that stay free', 'createKept', DENIED],
  ['names in another case', 'createOtherCase', DENIED],
  ['names with letters joined', 'createJoined', DENIED],
  ['files replaced by such a name', 'replaceJoined', DENIED],
  ['protected names', 'name', DENIED],
  ['what is in protected folders', 'nameInFolder', DENIED],
  ['folders moved to protected names', 'nameByRename', DENIED],
  ['folders that names lead through', 'passage', DENIED],
  ['folders moved to where such are', 'passageByRename', DENIED],
  ['such folders that are there', 'passageMoved', DENIED],
  ['files of their names', 'passageFile', DONE],
  ['patterns of writing', 'pattern', DENIED],
  ['patterns in other folders', 'patternCarried', DENIED],
  ['patterns of reading', 'patternHidden', DENIED],
  ['no second names', 'link', DENIED],
  ['running', 'run', DONE],
  ['denied programs', 'runDenied', DENIED],
  ['no set-user-ID', 'runSetUserId', DENIED],
  ['own processes', 'signal', DONE],
  ['no others', 'signalOutside', DENIED],
  ['gate', 'gate', ['403']],
  ['gate without the token', 'gateWithoutToken', ['407']],
  ['no other way out', 'connect', DENIED],
  ['no ports of this machine', 'connectHere', DENIED],
  ['no Unix sockets', 'connectUnix', DENIED],
  ['no datagrams', 'datagram', DENIED],
  ['no listening', 'listen', DENIED],
  ['no listening by a path', 'listenUnix', DENIED],
  ['no name service', 'hostName', ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', ...DENIED]],
];

/** What the probe saw, as one check for each thing a sandbox promises. What is missing from it was not
 * tried, and so is not kept. */
export function judgeMacProbe(result: MacProbeResult): Check[] {
  return PROMISES.map(([capability, key, expected]) => {
    const met = result[key] ?? 'not tried';
    const ok = expected.includes(met);
    return {
      capability,
      status: ok ? 'ok' : 'missing',
      why: `${met}${ok ? '' : ` instead of ${expected.join(' or ')}`}`,
      fix: ok ? null : REPORT_IT,
    };
  });
}
