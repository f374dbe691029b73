import { compileEnvironment } from '../../../src/compile/environment.ts';

const ports = { http: 3128, socks: 1080 };

function compile(entries: Record<string, string | Buffer>): Record<string, string> {
  const caller = new Map(
    Object.entries(entries).map(([name, value]) => [
      name,
      Buffer.concat([Buffer.from(`${name}=`), Buffer.from(value)]),
    ]),
  );
  const compiled = compileEnvironment(caller, ports);
  return Object.fromEntries([...compiled].map(([name, entry]) => [name, entry.toString('latin1')]));
}

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

test("the caller's environment is not changed", () => {
  const caller = new Map([['FTP_PROXY', Buffer.from('FTP_PROXY=x')]]);
  compileEnvironment(caller, ports);
  expect([...caller.keys()]).toEqual(['FTP_PROXY']);
});
