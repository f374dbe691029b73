import { judgeProbe, type ProbeResult } from '../../../src/cli/doctor-probe.ts';

const confined: ProbeResult = {
  seccomp: '2',
  noNewPrivileges: '1',
  capabilities: ['0000000000000000', '0000000000000000', '0000000000000000'],
  uid: 1000,
  init: 'srt-init',
  interfaces: [],
  read: 'EACCES',
  write: 'EROFS',
  temporary: 'succeeded',
  unix: 'EACCES',
  ownUnix: 'succeeded',
  gate: 'HTTP/1.1 403 Forbidden x-proxy-error: blocked-by-allowlist',
  connect: 'EACCES',
  name: 'EREFUSED',
};

const failed = (change: Partial<ProbeResult>) =>
  judgeProbe({ ...confined, ...change }, 1000)
    .filter(({ ok }) => !ok)
    .map(({ capability }) => capability);

test('a confined command: all is well', () => {
  expect(failed({})).toEqual([]);
});

/* Each promise is broken alone, and only its own finding says so. */
test.each<[string, Partial<ProbeResult>]>([
  ['own process 1', { init: 'systemd' }],
  ['own user', { uid: 0 }],
  ['no capabilities', { capabilities: ['0', '0', '000001ffffffffff'] }],
  ['no capabilities', { capabilities: ['0000000000000400', '0', '0'] }],
  ['no new privileges', { noNewPrivileges: '0' }],
  ['system call filter', { seccomp: '0' }],
  ['denied reads', { read: 'succeeded' }],
  ['denied reads', { read: 'ENOENT' }],
  ['denied writes', { write: 'succeeded' }],
  ['denied writes', { write: 'EACCES' }],
  ['temporary folder', { temporary: 'EROFS' }],
  ['empty network', { interfaces: ['eth0'] }],
  ['no Unix sockets out', { unix: 'succeeded' }],
  ['no Unix sockets out', { unix: 'ENOENT' }],
  ['own Unix sockets', { ownUnix: 'EACCES' }],
  ['gate', { gate: 'HTTP/1.1 200 Connection Established' }],
  ['gate', { gate: '' }],
  ['programs without proxies', { connect: 'succeeded' }],
  ['programs without proxies', { connect: 'ENETUNREACH' }],
  ['names', { name: 'succeeded' }],
  ['names', { name: 'ECONNREFUSED' }],
])('%s: %j', (capability, change) => {
  expect(failed(change)).toEqual([capability]);
});

/* srt starts without these all the same, but never where something got out. */
test.each<[Partial<ProbeResult>, boolean]>([
  [{ connect: 'ENETUNREACH' }, true],
  [{ connect: 'succeeded' }, false],
  [{ name: 'ECONNREFUSED' }, true],
  [{ name: 'succeeded' }, false],
])('%j can be done without: %s', (change, can) => {
  const broken = judgeProbe({ ...confined, ...change }, 1000).find(({ ok }) => !ok);
  expect(broken?.without !== undefined).toBe(can);
});
