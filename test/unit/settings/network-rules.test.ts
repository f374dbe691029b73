import type { RegistriesOf } from '../../../src/policy/registry-preset.ts';
import { loadText } from '../../../src/settings/load.ts';
import { networkRules, usesRegistries } from '../../../src/settings/network-rules.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { refusal } from '../rules.ts';

const registries: RegistriesOf = (preset) => ({
  urls: {
    npm: [{ url: 'https://registry.example.com/', from: 'npm_config_registry' }],
    pypi: [
      { url: 'https://registry.example.com/simple', from: 'pip.conf' },
      { url: 'http://files.example.com:8080/', from: 'pip.conf' },
    ],
    cargo: [],
    go: [{ url: 'registry.example.com', from: 'GOPROXY' }],
  }[preset],
  files: [`/home/me/.${preset}`],
  places: 'SOME_VARIABLE',
});

const load = (network: unknown) => loadText(JSON.stringify({ network }), 's.json');
const rulesOf = (network: unknown) => networkRules(load(network), registries).domains;

/** Each rule as its list, what is matched, and where it stands. */
const shown = (network: unknown) =>
  rulesOf(network).map(({ list, hosts, source }) => [list, hosts.kind, source.typed, source.where]);

describe('the rules', () => {
  test('have the deny lists first, and know their places', () => {
    const network = {
      allowedDomains: ['example.com', '*', '192.0.2.0/24:443'],
      deniedDomains: ['*'],
      deniedResolvedAddresses: ['10.0.0.0/8'],
    };
    expect(shown(network)).toEqual([
      ['deniedDomains', 'any', '*', 's.json:1:86'],
      ['deniedResolvedAddresses', 'addresses', '10.0.0.0/8', 's.json:1:118'],
      ['allowedDomains', 'name', 'example.com', 's.json:1:31'],
      ['allowedDomains', 'public', '*', 's.json:1:45'],
      ['allowedDomains', 'addresses', '192.0.2.0/24:443', 's.json:1:49'],
    ]);
  });

  test.each([
    ['use the mirror', 'use the mirror'],
    ['  a\r\nx-header: 1\u0000\u001b[2J\u0085\u2028\u202eb ', 'a x-header: 1 [2J b'],
    ['größer 日本', 'größer 日本'],
    ['\n\t', undefined],
  ])('carry a reason as one clean line: %j', (reason, because) => {
    const [rule] = rulesOf({ deniedDomains: [{ host: 'Example.com', reason }] });
    expect(rule?.because).toBe(because);
    expect(rule?.source.typed).toBe('Example.com');
  });

  test('need no reason', () => {
    const rules = rulesOf({ deniedDomains: [{ host: 'example.com' }, 'other.test'] });
    expect(rules.every((rule) => !('because' in rule))).toBe(true);
  });

  test('of a registry are those of each URL, under what was typed', () => {
    const { domains, files } = networkRules(
      load({ allowedDomains: ['@pypi', '@npm'] }),
      registries,
    );
    expect(domains.map(({ hosts, ports, source }) => [hosts, ports?.[0]?.first, source])).toEqual(
      [
        ['@pypi', 'registry.example.com', 443, 31],
        ['@pypi', 'files.example.com', 8080, 31],
        ['@npm', 'registry.example.com', 443, 39],
      ].map(([typed, name, port, at]) => [
        { kind: 'name', name },
        port,
        { setting: 'network.allowedDomains', typed, where: `s.json:1:${at}` },
      ]),
    );
    expect(files).toEqual(['/home/me/.pypi', '/home/me/.npm']);
  });

  test('keep the files that explain a registry from being written', () => {
    const context = { home: '/home/me', cwd: '/work', protect: ['/srt'], registries };
    const { paths } = toPolicy(load({ allowedDomains: ['@npm'] }), context);
    const denied = paths.filter(({ list }) => list === 'denyWrite').map(({ path }) => path);
    expect(denied).toEqual(['/srt', '/home/me/.npm']);
  });
});

describe('refused, with its place', () => {
  test.each<[unknown, string]>([
    [{ allowedDomains: ['ok.test', '@nmp'] }, '1:41: "@nmp" is no preset; did you mean "@npm"?'],
    [{ allowedDomains: ['@npm:443'] }, '1:31: "@npm:443" takes no port'],
    [{ allowedDomains: ['@cargo'] }, '1:31: "@cargo" stands for nothing here'],
    [{ allowedDomains: ['@go'] }, '1:31: "@go" needs a URL, and GOPROXY has something else'],
    [{ deniedDomains: ['@public'] }, '1:30: "@public" is for allowedDomains alone'],
    [{ deniedDomains: [{ host: 'a:0' }] }, '1:30: "a:0" has a port outside 1-65535'],
    [{ deniedResolvedAddresses: ['a.test'] }, '1:40: "a.test" is not an address or a block'],
    [{ deniedResolvedAddresses: ['@npm'] }, '1:40: "@npm" is not an address or a block'],
    [{ allowedDomains: ['10.0.0.1/8'] }, '1:31: "10.0.0.1/8" has bits beyond its prefix'],
  ])('%j: %s', (network, message) => {
    const error = refusal(() => rulesOf(network));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toContain(`s.json:${message}`);
  });

  test('a registry where nobody says what is configured', () => {
    const error = refusal(() => networkRules(load({ allowedDomains: ['@npm'] }), undefined));
    expect(error.message).toContain('s.json:1:31: "@npm" is not available');
  });
});

test.each([
  [{}, false],
  [{ allowedDomains: ['example.com', '*', '@public', '@public:443'] }, false],
  [{ allowedDomains: ['example.com', '@npm'] }, true],
  [{ deniedDomains: [{ host: '@npm' }] }, true],
  [{ allowedDomains: ['@publik'] }, true],
])('%j needs the configuration of a package manager: %s', (network, expected) => {
  expect(usesRegistries(load(network))).toBe(expected);
});

test('ten thousand entries are read in a moment', () => {
  const allowedDomains = Array.from({ length: 10_000 }, (_, at) => `host-${at}.example.com:443`);
  const loaded = loadText(JSON.stringify({ network: { allowedDomains } }, null, 1), 's.json');
  const begun = performance.now();
  const { domains } = networkRules(loaded, registries);
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(domains.at(-1)?.source.where).toBe('s.json:10003:4');
});
