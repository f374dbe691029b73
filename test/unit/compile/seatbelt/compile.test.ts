/* The plan of a run on macOS: pure, as that for Linux. */
import { compileSeatbelt } from '../../../../src/compile/seatbelt/compile.ts';
import type { MacFacts } from '../../../../src/host/mac/facts.ts';
import type { Forward } from '../../../../src/policy/forward.ts';
import { parseGlob, type Segment } from '../../../../src/policy/glob.ts';
import type { Policy } from '../../../../src/policy/policy.ts';
import { protectedNames } from '../../../../src/policy/protected-names.ts';
import { allows, readProfile } from '../../../support/seatbelt/evaluate.ts';
import type { Address } from '../../../support/seatbelt/filters.ts';
import { networkPolicy, refusal, rule } from '../../rules.ts';

const FACTS: MacFacts = {
  sandboxExec: '/usr/bin/sandbox-exec',
  log: '/usr/bin/log',
  node: '/opt/homebrew/bin/node',
  dist: '/opt/srt/dist',
  cwd: '/Users/me/project',
  userTemporary: '/var/folders/ab/cd/T',
  paths: new Map(),
};
const RUN = {
  gatePort: 49200,
  token: 'TOKEN',
  tag: 'srt-1f2e3d',
  temporary: '/var/folders/ab/cd/T/srt-1f2e3d/tmp',
};

function compile(
  policy: Partial<Policy> = {},
  caller: Record<string, string> = {},
  facts: Partial<MacFacts> = {},
) {
  const entries = Object.entries(caller).map(
    ([name, value]) => [name, Buffer.from(`${name}=${value}`)] as const,
  );
  const all = { ...FACTS, ...facts };
  return compileSeatbelt({ ...networkPolicy(), ...policy }, all, new Map(entries), RUN);
}

function variables(...given: Parameters<typeof compile>): Record<string, string> {
  const entries = [...compile(...given).environment.values()].map(String);
  return Object.fromEntries(
    entries.map((entry) => [
      entry.slice(0, entry.indexOf('=')),
      entry.slice(entry.indexOf('=') + 1),
    ]),
  );
}

test('a plan names the programs, the folders and the profile', () => {
  const { profile, environment: _, ...rest } = compile();
  expect(rest).toEqual({
    sandboxExec: '/usr/bin/sandbox-exec',
    log: '/usr/bin/log',
    keeper: ['/opt/homebrew/bin/node', '/opt/srt/dist/keeper.cjs'],
    cwd: '/Users/me/project',
    tag: 'srt-1f2e3d',
    temporary: RUN.temporary,
    folders: [],
    ruleOf: expect.any(Function),
    withheld: [],
    notices: [],
  });
  expect(profile).not.toContain('TOKEN');
});

test('the environment has the proxies with the token, and the folder of the run', () => {
  expect(variables()).toMatchObject({
    SANDBOX_RUNTIME: '1',
    TMPDIR: RUN.temporary,
    HTTP_PROXY: 'http://srt:TOKEN@127.0.0.1:49200',
    https_proxy: 'http://srt:TOKEN@127.0.0.1:49200',
    ALL_PROXY: 'socks5h://srt:TOKEN@127.0.0.1:49200',
    NO_PROXY: '',
    no_proxy: '',
  });
});

test('the temporary folder can be written, and what is beside it cannot be read', () => {
  const profile = readProfile(compile().profile);
  const folder = '/private/var/folders/ab/cd/T';
  const may = (operation: string, path: string) => allows(profile, { operation, path });
  expect(may('file-write-create', `${folder}/srt-1f2e3d/tmp/x`)).toBe(true);
  for (const path of ['srt-1f2e3d/profile.sb', 'srt-1f2e3d.gone/tmp/x', 'other/x']) {
    expect(may('file-read-data', `${folder}/${path}`)).toBe(false);
    expect(may('file-write-create', `${folder}/${path}`)).toBe(false);
  }
});

describe('ports of this machine', () => {
  const forward = (direction: Forward['direction'], hostPort: number, sandboxPort: number) => ({
    ...{ direction, hostPort, sandboxPort },
    source: { setting: 'network.forward', typed: 'x', where: 'settings.json:1:1' },
  });
  const at = (port: number, host = '127.0.0.1'): Address => ({ protocol: 'tcp', host, port });
  const may = (policy: Partial<Policy>, operation: string, side: object) =>
    allows(readProfile(compile(policy).profile), { operation, ...side });

  test('the gate alone can be connected to', () => {
    expect(may({}, 'network-outbound', { remote: at(49200) })).toBe(true);
    for (const remote of [at(49201), at(5432), at(49200, '192.0.2.1'), at(49200, '::2')])
      expect(may({}, 'network-outbound', { remote })).toBe(false);
    expect(may({}, 'network-bind', { local: at(8080) })).toBe(false);
  });

  test('a port of the host that network.forward names can be connected to', () => {
    const policy = { forwards: [forward('to-host', 5432, 5432)] };
    expect(may(policy, 'network-outbound', { remote: at(5432) })).toBe(true);
    expect(may(policy, 'network-outbound', { remote: at(5433) })).toBe(false);
    expect(may(policy, 'network-bind', { local: at(5432) })).toBe(false);
    expect(variables(policy).NO_PROXY).toBe('localhost,127.0.0.1,::1');
  });

  test('a port of the command that it names can be listened on, on loopback', () => {
    const policy = { forwards: [forward('to-sandbox', 8080, 8080)] };
    for (const operation of ['network-bind', 'network-inbound']) {
      expect(may(policy, operation, { local: at(8080) })).toBe(true);
      expect(may(policy, operation, { local: at(8081) })).toBe(false);
      expect(may(policy, operation, { local: at(8080, '192.0.2.1') })).toBe(false);
    }
    expect(may(policy, 'network-outbound', { remote: at(8080) })).toBe(false);
  });

  test.each(['to-host', 'to-sandbox'] as const)('%s with two ports is refused', (direction) => {
    const error = refusal(() => compile({ forwards: [forward(direction, 5432, 15432)] }));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toMatch(/^network.forward "x" \(settings.json:1:1\) has two ports/);
  });
});

describe('services that the settings name', () => {
  const services = [
    { name: 'com.example.one', prefix: false },
    { name: 'com.example.two.', prefix: true },
  ];
  const profile = readProfile(compile({ macos: { grants: [], services } }).profile);
  test.each([
    ['com.example.one', true],
    ['com.example.one.more', false],
    ['com.example.two.x', true],
    ['com.example.twofold', false],
    ['com.apple.SecurityServer', false],
  ])('%s: %s', (name, allowed) => {
    expect(allows(profile, { operation: 'mach-lookup', name })).toBe(allowed);
  });
});

describe('ssh', () => {
  test('git calls it through the gate', () => {
    const command = "'/opt/homebrew/bin/node' '/opt/srt/dist/ssh-connect.cjs' %h %p";
    const { SRT_SSH_PROXY_COMMAND, GIT_SSH_COMMAND } = variables();
    expect(SRT_SSH_PROXY_COMMAND).toBe(command);
    expect(GIT_SSH_COMMAND).toMatch(/^ssh -o 'ProxyCommand=/);
  });

  test.each([{ GIT_SSH_COMMAND: 'mine' }, { GIT_SSH: 'mine' }])('not over %j', (caller) => {
    const { GIT_SSH_COMMAND } = variables({}, caller);
    expect(GIT_SSH_COMMAND).toBe(caller.GIT_SSH_COMMAND);
  });
});

test('rules by pattern and protected names are in the profile, with where they come from', () => {
  const source = { setting: 'filesystem.denyWrite', typed: '*.key', where: 'settings.json:1:1' };
  const rest = (parseGlob('*.key') as Segment[][])[0] ?? [];
  const root = rule('allowWrite', '/Users/me');
  const { profile } = compile(
    {
      paths: [root],
      patterns: [{ list: 'denyWrite', base: '/Users/me', rest, source }],
      protectedNames: protectedNames([], []),
      homes: ['/Users/me'],
    },
    {},
    { paths: new Map([['/Users/me', { kind: 'directory', real: '/Users/me', links: [] }]]) },
  );
  const may = (path: string) =>
    allows(readProfile(profile), { operation: 'file-write-data', path });
  expect(
    ['a.txt', 'a.key', 'p/.mcp.json', '.zshrc'].map((name) => may(`/Users/me/${name}`)),
  ).toEqual([true, false, false, false]);
  expect(profile).toContain('\n; filesystem.denyWrite "*.key" (settings.json:1:1)\n');
  expect(profile).toContain('\n; mcp: names commands that MCP clients start as servers\n');
});

describe('private caches', () => {
  const store = { base: '/Users/me', below: ['.cache', 'srt'] };
  const paths = new Map([
    ['/Users/me', { kind: 'directory' as const, real: '/Users/me', links: [] }],
  ]);
  const writable = (profile: string, path: string) =>
    allows(readProfile(profile), { operation: 'file-write-create', path, vnodeType: 'DIRECTORY' });

  test('of one run are beside its temporary files', () => {
    const { profile, environment, folders } = compile({ caches: { store, own: 'run' } });
    const inside = '/var/folders/ab/cd/T/srt-1f2e3d/caches';
    expect(String(environment.get('PIP_CACHE_DIR'))).toBe(`PIP_CACHE_DIR=${inside}/pip`);
    expect(folders).toEqual([]);
    expect(writable(profile, `/private${inside}/pip`)).toBe(true);
    expect(writable(profile, '/private/var/folders/ab/cd/T/srt-1f2e3d/x')).toBe(false);
    expect(writable(compile().profile, `/private${inside}/pip`)).toBe(false);
  });

  test('of a name are kept, and those of others cannot be read', () => {
    const caches = { store, own: { name: 'files' } };
    const { profile, environment, folders } = compile({ caches }, {}, { paths });
    const kept = '/Users/me/.cache/srt';
    expect(String(environment.get('GOCACHE'))).toBe(`GOCACHE=${kept}/files/go-build`);
    expect(folders).toEqual([{ base: '/Users/me', below: ['.cache', 'srt', 'files'] }]);
    expect(writable(profile, `${kept}/files/x`)).toBe(true);
    expect(writable(profile, `${kept}/other/x`)).toBe(false);
    const request = { operation: 'file-read-data', path: `${kept}/other/x` };
    expect(allows(readProfile(profile), request)).toBe(false);
    /* The folder itself cannot be replaced by a link for the next run. */
    expect(writable(profile, `${kept}/files`)).toBe(false);
  });

  test('that rules leave no place for are refused', () => {
    const denied = rule('denyWrite', '/Users/me/.cache');
    const fact = { kind: 'directory' as const, real: denied.path, links: [] };
    const policy = { caches: { store, own: { name: 'files' } }, paths: [denied] };
    const { code, message } = refusal(() =>
      compile(policy, {}, { paths: new Map([...paths, [denied.path, fact]]) }),
    );
    expect([code, message]).toEqual([
      'SRT_COMPILE_UNENFORCEABLE',
      expect.stringMatching(
        /^filesystem.denyWrite .* leaves no place for filesystem.privateCaches/,
      ),
    ]);
  });

  test('are not there without the setting', () => {
    expect(compile({ caches: { store, own: 'none' } }).environment.has('PIP_CACHE_DIR')).toBe(
      false,
    );
  });
});

test('a variable that is not UTF-8 is not passed on as another', () => {
  const odd = new Map([['ODD', Buffer.from([0x4f, 0x44, 0x44, 0x3d, 0xff])]]);
  const { environment, withheld } = compileSeatbelt(networkPolicy(), FACTS, odd, RUN);
  expect(environment.has('ODD')).toBe(false);
  expect(withheld).toEqual([{ name: 'ODD', reason: 'is not valid UTF-8' }]);
});
