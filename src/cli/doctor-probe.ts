/** Runs inside a sandbox of the doctor's and tries what the sandbox is for; prints one JSON
 * object. As text, because it must not depend on any file that a sandbox might hide.
 * Arguments: a file that denyRead names, a folder outside every write root, a Unix socket outside. */
export const PROBE_SCRIPT = `
const fs = require('node:fs'), net = require('node:net'), os = require('node:os');
const dns = require('node:dns');
const [masked, outside, daemon] = process.argv.slice(1);
const { port } = new URL(process.env.HTTP_PROXY);
const attempt = (act) => { try { act(); return 'succeeded'; } catch (e) { return e.code || String(e); } };
const status = fs.readFileSync('/proc/self/status', 'utf8');
const field = (name) => (new RegExp('^' + name + ':\\\\s*(\\\\S+)', 'm').exec(status) || [])[1];
const result = {
  seccomp: field('Seccomp'), noNewPrivileges: field('NoNewPrivs'),
  capabilities: [field('CapEff'), field('CapPrm'), field('CapBnd')],
  uid: process.getuid(), init: fs.readFileSync('/proc/1/comm', 'utf8').trim(),
  interfaces: Object.keys(os.networkInterfaces()).filter((name) => name !== 'lo'),
  read: attempt(() => fs.readFileSync(masked)),
  write: attempt(() => fs.closeSync(fs.openSync(outside + '/.srt-doctor-' + process.pid, 'wx'))),
  temporary: attempt(() => fs.rmdirSync(fs.mkdtempSync(os.tmpdir() + '/srt-'))),
};
const print = () => console.log(JSON.stringify(result));
const unix = (path, say) => net.connect(path)
  .on('connect', function () { this.destroy(); say('succeeded'); })
  .on('error', (e) => say(e.code));
unix(daemon, (said) => { result.unix = said; own(); });
function own() {
  const path = fs.mkdtempSync(os.tmpdir() + '/srt-') + '/own';
  const next = (said) => { result.ownUnix = said; server.close(); proxy(); };
  const server = net.createServer().on('error', (e) => next(e.code));
  server.listen(path, () => unix(path, next));
}
function proxy() {
  const socket = net.connect(Number(port), '127.0.0.1', () =>
    socket.write('CONNECT srt-doctor.invalid:443 HTTP/1.1\\r\\nhost: srt-doctor.invalid\\r\\n\\r\\n'));
  let answer = '';
  socket.setTimeout(5000, () => socket.destroy());
  socket.on('data', (data) => { answer += data; });
  socket.on('error', (e) => { answer = e.code; });
  socket.on('close', () => { result.gate = answer.split('\\r\\n').slice(0, 2).join(' '); direct(); });
}
function direct() {
  const socket = net.connect({ host: '192.0.2.1', port: 80, timeout: 5000 });
  const next = (said) => { result.connect = said; socket.destroy(); name(); };
  socket.once('connect', () => next('succeeded'));
  socket.once('timeout', () => next('timeout'));
  socket.once('error', (e) => next(e.code));
}
function name() {
  new dns.Resolver({ timeout: 2000, tries: 1 }).resolve4('srt-doctor.invalid', (e) => {
    result.name = e ? e.code : 'succeeded';
    print();
  });
}
`;

export interface ProbeResult {
  seccomp: string;
  noNewPrivileges: string;
  capabilities: string[];
  uid: number;
  init: string;
  interfaces: string[];
  read: string;
  write: string;
  temporary: string;
  /** Connecting to a Unix socket of the host, and to one of its own. */
  unix: string;
  ownUnix: string;
  gate: string;
  /** Connecting by oneself to an address that is not listed, and asking for such a name. */
  connect: string;
  name: string;
}

export interface Finding {
  capability: string;
  ok: boolean;
  why: string;
  /** What is lost without it, where srt goes on all the same. */
  without?: string;
}

const WITHOUT_MEDIATION =
  'only programs that read proxy variables have a network; for the others it takes that nobody above intercepts system calls, as some managers of containers do, and kernel.yama.ptrace_scope below 3';

const WITHOUT_SOCKETS =
  'programs inside have no Unix sockets, and network.allowUnixSockets opens nothing; for what it takes see "programs without proxies"';

/** What the probe saw, as one finding for each thing a sandbox promises. */
export function judgeProbe(probe: ProbeResult, uid: number): Finding[] {
  const finding = (capability: string, ok: boolean, why: string) => ({ capability, ok, why });
  const zero = probe.capabilities.every((set) => /^0+$/.test(set));
  return [
    finding('own process 1', probe.init === 'srt-init', `process 1 inside is ${probe.init}`),
    finding('own user', probe.uid === uid, `the command runs as uid ${probe.uid}`),
    finding('no capabilities', zero, `effective, permitted, bounding: ${probe.capabilities}`),
    finding('no new privileges', probe.noNewPrivileges === '1', 'set-user-ID has no effect inside'),
    finding('system call filter', probe.seccomp === '2', `seccomp mode ${probe.seccomp}`),
    finding('denied reads', probe.read === 'EACCES', `reading a denied file: ${probe.read}`),
    finding('denied writes', probe.write === 'EROFS', `writing outside: ${probe.write}`),
    finding('temporary folder', probe.temporary === 'succeeded', `mkdtemp: ${probe.temporary}`),
    finding(
      'empty network',
      probe.interfaces.length === 0,
      `interfaces other than loopback: ${probe.interfaces.join(' ') || 'none'}`,
    ),
    finding('no Unix sockets out', probe.unix === 'EACCES', `connecting to one: ${probe.unix}`),
    {
      ...finding(
        'own Unix sockets',
        probe.ownUnix === 'succeeded',
        `connecting to one made inside: ${probe.ownUnix}`,
      ),
      ...(probe.ownUnix === 'EACCES' ? { without: WITHOUT_SOCKETS } : {}),
    },
    finding(
      'gate',
      probe.gate === 'HTTP/1.1 403 Forbidden x-proxy-error: blocked-by-allowlist',
      `asking for an unlisted host: ${probe.gate}`,
    ),
    {
      ...finding(
        'programs without proxies',
        probe.connect === 'EACCES',
        `connecting to an unlisted address: ${probe.connect}`,
      ),
      ...(probe.connect === 'ENETUNREACH' ? { without: WITHOUT_MEDIATION } : {}),
    },
    {
      ...finding('names', probe.name === 'EREFUSED', `asking for an unlisted name: ${probe.name}`),
      ...(probe.name === 'succeeded' ? {} : { without: WITHOUT_MEDIATION }),
    },
  ];
}
