import { compileEnvironment } from '../../../src/compile/environment.ts';
import { type EnvironmentPolicy, INHERIT } from '../../../src/policy/environment.ts';
import { OWN_VARIABLES } from '../../../src/policy/environment-rules.ts';
import { environmentPolicy } from '../rules.ts';

const surroundings = {
  temporary: '/tmp',
  http: 'http://127.0.0.1:3128',
  socks: 'socks5h://127.0.0.1:1080',
  direct: ['localhost', '127.0.0.1', '::1'],
};

type Entries = Record<string, string | Buffer>;

/** Names are Latin-1, as those of an environment are. */
function compileAll(entries: Entries, policy: EnvironmentPolicy, caches: string | null = null) {
  const caller = new Map(
    Object.entries(entries).map(([name, value]) => [
      name,
      Buffer.concat([Buffer.from(`${name}=`, 'latin1'), Buffer.from(value)]),
    ]),
  );
  return compileEnvironment(caller, policy, { ...surroundings, caches });
}

function compile(entries: Entries, policy: EnvironmentPolicy = INHERIT): Record<string, string> {
  const { environment } = compileAll(entries, policy);
  return Object.fromEntries(
    [...environment].map(([name, entry]) => [name, entry.toString('latin1')]),
  );
}

test('the variables that srt sets are those that settings cannot', () => {
  expect(Object.keys(compile({}))).toEqual(OWN_VARIABLES);
});

test('says where the proxies are, in both spellings, and where temporary files go', () => {
  expect(compile({})).toEqual({
    SANDBOX_RUNTIME: 'SANDBOX_RUNTIME=1',
    TMPDIR: 'TMPDIR=/tmp',
    HTTP_PROXY: 'HTTP_PROXY=http://127.0.0.1:3128',
    http_proxy: 'http_proxy=http://127.0.0.1:3128',
    HTTPS_PROXY: 'HTTPS_PROXY=http://127.0.0.1:3128',
    https_proxy: 'https_proxy=http://127.0.0.1:3128',
    ALL_PROXY: 'ALL_PROXY=socks5h://127.0.0.1:1080',
    all_proxy: 'all_proxy=socks5h://127.0.0.1:1080',
    NO_PROXY: 'NO_PROXY=localhost,127.0.0.1,::1',
    no_proxy: 'no_proxy=localhost,127.0.0.1,::1',
    NODE_USE_ENV_PROXY: 'NODE_USE_ENV_PROXY=1',
  });
});

test.each(['HOME', 'PATH', 'LANG', 'lower', 'WITH SPACE', 'TERM'])('%s stays', (name) => {
  expect(compile({ [name]: 'a=b c' })[name]).toBe(`${name}=a=b c`);
});

test('an empty value stays', () => {
  expect(compile({ EMPTY: '' }).EMPTY).toBe('EMPTY=');
});

test('bytes that are not UTF-8 stay', () => {
  expect(compile({ ODD: Buffer.from([0xff, 0x0a, 0xfe]) }).ODD).toBe('ODD=\xff\n\xfe');
});

test.each([
  ...['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'],
  ...['NO_PROXY', 'no_proxy', 'Http_Proxy', 'FTP_PROXY', 'ftp_proxy', 'RSYNC_PROXY'],
  ...['SOCKS_PROXY', 'socks5_proxy', 'GRPC_PROXY', 'wss_proxy', 'DOCKER_HTTPS_PROXY'],
  ...['npm_config_proxy', 'npm_config_https_proxy', 'npm_config_noproxy', 'NPM_CONFIG_PROXY'],
  ...['GLOBAL_AGENT_HTTP_PROXY', 'YARN_HTTP_PROXY', 'CARGO_HTTP_PROXY', 'PIP_PROXY'],
  ...['HTTP_PROXY_AUTH', 'https_proxy_user', 'HTTPS_PROXY_PASSWORD', 'http_proxy_pass'],
  ...['CLOUDSDK_PROXY_PASSWORD', 'TMPDIR', 'SANDBOX_RUNTIME'],
])("the caller's %s does not get in: it may hold a password, and cannot be reached", (name) => {
  const compiled = compile({ [name]: 'http://me:secret@proxy.example.com:8080' });
  expect(Object.values(compiled).join()).not.toMatch(/secret|proxy\.example/);
});

test.each(['GOPROXY', 'PROXY', 'REVERSE_PROXY_PORT', 'HTTP_PROXY_RETRIES'])('%s stays', (name) => {
  expect(compile({ [name]: 'x' })[name]).toBe(`${name}=x`);
});

test.each([
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'LISTEN_FDS',
  'LISTEN_PID',
  'LISTEN_FDNAMES',
])('%s goes', (name) => {
  expect(compile({ [name]: 'x' })).not.toHaveProperty(name);
});

describe('private caches', () => {
  const own = ['npm_config_cache', 'CARGO_HOME', 'XDG_CACHE_HOME'];
  const valuesOf = (entries: Entries, policy: EnvironmentPolicy) => {
    const { environment } = compileAll(entries, policy, '/caches');
    return own.map((name) => environment.get(name)?.toString());
  };
  const expected = [
    'npm_config_cache=/caches/npm',
    'CARGO_HOME=/caches/cargo',
    'XDG_CACHE_HOME=/caches/xdg',
  ];

  test.each<[string, Entries, EnvironmentPolicy]>([
    ['are where tools look', {}, INHERIT],
    ['replace what the caller has', { CARGO_HOME: '/home/me/.cargo' }, INHERIT],
    ['are in a clean environment', {}, { ...INHERIT, mode: 'clean' }],
    ['are there whatever is denied', { CARGO_HOME: 'x' }, environmentPolicy({ deny: ['*'] })],
    ['are there whatever is passed', { CARGO_HOME: 'x' }, environmentPolicy({ pass: ['*'] })],
  ])('%s', (_what, entries, policy) => {
    expect(valuesOf(entries, policy)).toEqual(expected);
  });

  test('give way to env.set', () => {
    const set = [['CARGO_HOME', '/srv/cargo']] as const;
    expect(valuesOf({ CARGO_HOME: 'x' }, { ...INHERIT, set })).toEqual(
      expected.with(1, 'CARGO_HOME=/srv/cargo'),
    );
  });

  test('have no other spelling left that npm would take instead', () => {
    const { environment } = compileAll({ NPM_CONFIG_CACHE: '/home/me/.npm' }, INHERIT, '/caches');
    expect(environment.get('NPM_CONFIG_CACHE')?.toString()).toBe('NPM_CONFIG_CACHE=/caches/npm');
  });
});

test("the caller's environment is not changed", () => {
  const caller = new Map([['FTP_PROXY', Buffer.from('FTP_PROXY=x')]]);
  compileEnvironment(caller, INHERIT, { ...surroundings, caches: null });
  expect([...caller.keys()]).toEqual(['FTP_PROXY']);
});

describe('a policy', () => {
  test('keeps what it denies from the command, and says so without a value', () => {
    const policy = environmentPolicy({ deny: ['*_KEY', '\u00e9'] });
    const entries = { A_KEY: 'canary', 'Ã©': 'canary', SSH_AUTH_SOCK: '/canary', KEEP: 'x' };
    const { environment, withheld, notices } = compileAll(entries, policy);
    const kept = [...environment.keys()].filter((name) => !OWN_VARIABLES.includes(name as never));
    expect(kept).toEqual(['KEEP']);
    expect(withheld).toEqual([
      { name: 'A_KEY', reason: 'env.deny "*_KEY" (settings.json:1:1)' },
      { name: 'é', reason: 'env.deny "é" (settings.json:1:1)' },
      { name: 'SSH_AUTH_SOCK', reason: "points to the SSH agent's socket" },
    ]);
    expect(notices).toEqual([]);
  });

  test('sets variables, whatever the caller has and whatever is denied', () => {
    const set: [string, string][] = [
      ['A', '~/x'],
      ['é', '日本'],
      ['LD_PRELOAD', '/opt/x.so'],
    ];
    const policy = { ...environmentPolicy({ deny: ['*'] }), set };
    const { environment, withheld, notices } = compileAll({ A: 'old', LD_PRELOAD: 'y' }, policy);
    expect(environment.get('A')?.toString()).toBe('A=~/x');
    expect(environment.get('Ã©')?.toString()).toBe('é=日本');
    expect(environment.get('LD_PRELOAD')?.toString()).toBe('LD_PRELOAD=/opt/x.so');
    expect([withheld, notices]).toEqual([[], []]);
  });

  test.each([
    [{ pass: ['*'] }],
    [{ pass: OWN_VARIABLES }],
    [{ mode: 'clean' as const, pass: ['*'] }],
    [{ deny: ['*'] }],
  ])("%j: srt's own variables win", (lists) => {
    const policy = { ...environmentPolicy(lists), set: [['TMPDIR', 'x'] as [string, string]] };
    const caller = Object.fromEntries(OWN_VARIABLES.map((name) => [name, 'x']));
    expect(compile(caller, policy)).toEqual(compile({}));
  });
});

describe('variables of the loader', () => {
  test.each([
    [{ LD_PRELOAD: '/x.so' }, ['LD_PRELOAD is not passed on: it would']],
    [{ LD_PRELOAD: '/x.so', LD_AUDIT: 'y' }, ['LD_PRELOAD and LD_AUDIT are not passed on: they']],
    [{ LD_PRELOAD: '' }, []],
    [{ LD_LIBRARY_PATH: '/lib' }, []],
  ])('%j', (entries, lines) => {
    const { notices } = compileAll(entries as Entries, INHERIT);
    expect(notices).toEqual(lines.map((line) => expect.stringContaining(line)));
  });

  test.each([
    ['passed', environmentPolicy({ pass: ['LD_PRELOAD'] })],
    ['denied by the user', environmentPolicy({ deny: ['LD_PRELOAD'] })],
    ['not in a clean environment', environmentPolicy({ mode: 'clean' })],
  ])('nothing is said of one that is %s', (_what, policy) => {
    expect(compileAll({ LD_PRELOAD: '/x.so' }, policy).notices).toEqual([]);
  });
});

describe('what names a socket that may be connected to', () => {
  const passed = (entries: Entries, sockets: string[], policy = INHERIT) => {
    const caller = new Map(
      Object.entries(entries).map(([name, value]) => [name, Buffer.from(`${name}=${value}`)]),
    );
    const { environment } = compileEnvironment(caller, policy, {
      ...surroundings,
      caches: null,
      sockets,
    });
    return Object.keys(entries).filter((name) => environment.has(name));
  };
  const SESSION = {
    SSH_AUTH_SOCK: '/run/user/1000/ssh',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus',
    XDG_RUNTIME_DIR: '/run/user/1000',
    DOCKER_HOST: 'unix:///run/docker.sock',
    NOTIFY_SOCKET: '/run/user/1000/notify',
  };

  test.each<[string[], string[]]>([
    [[], []],
    [['/run/user/1000/ssh'], ['SSH_AUTH_SOCK', 'XDG_RUNTIME_DIR']],
    [['/run/user/1000'], ['SSH_AUTH_SOCK', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR']],
    [['/run/docker.sock'], ['DOCKER_HOST']],
    [['/run/user/1000/s'], ['XDG_RUNTIME_DIR']],
  ])('with %j: %j', (sockets, names) => {
    expect(passed(SESSION, sockets)).toEqual(names);
  });

  test('is withheld where the settings withhold it', () => {
    const deny = environmentPolicy({ deny: ['SSH_*'] });
    expect(passed(SESSION, ['/run/user/1000/ssh'], deny)).toEqual(['XDG_RUNTIME_DIR']);
  });

  test('is in no clean environment', () => {
    const clean = environmentPolicy({ mode: 'clean' });
    expect(passed(SESSION, ['/run/user/1000/ssh', '/run/docker.sock'], clean)).toEqual([]);
  });
});
