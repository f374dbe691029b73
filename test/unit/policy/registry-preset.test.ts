import { formatDomainPattern } from '../../../src/policy/domain-rule.ts';
import { parseRegistryPreset, registryPatterns } from '../../../src/policy/registry-preset.ts';

test.each([
  ['@npm', { preset: 'npm' }],
  ['@pypi', { preset: 'pypi' }],
  ['@cargo', { preset: 'cargo' }],
  ['@go', { preset: 'go' }],
  ['@public', null],
  ['@public:443', null],
  ['example.com', null],
  ['user@example.com', null],
  ['', null],
  ['@npm:443', { problem: 'takes no port: the one of the configured URL counts' }],
  ['@npm:', { problem: 'takes no port: the one of the configured URL counts' }],
  ['@NPM', { problem: 'is no preset; there are @public, @npm, @pypi, @cargo, @go' }],
  ['@nmp', { problem: 'is no preset; did you mean "@npm"?' }],
  ['@publik', { problem: 'is no preset; did you mean "@public"?' }],
  ['@pipy', { problem: 'is no preset; did you mean "@pypi"?' }],
  ['@nonsense', { problem: 'is no preset; there are @public, @npm, @pypi, @cargo, @go' }],
  ['@toString', { problem: 'is no preset; there are @public, @npm, @pypi, @cargo, @go' }],
])('%s', (typed, expected) => {
  expect(parseRegistryPreset(typed)).toEqual(expected);
});

function patterns(...urls: string[]): string[] | string {
  const given = urls.map((url) => ({ url, from: '~/.npmrc' }));
  const found = registryPatterns({ urls: given, files: [], places: 'SOME_VARIABLE' });
  return 'problem' in found ? found.problem : found.map(formatDomainPattern);
}

test.each([
  [['https://registry.example.com/'], ['registry.example.com:443']],
  [['http://registry.example.com'], ['registry.example.com:80']],
  [['https://Registry.Example.com:8443/a/b'], ['registry.example.com:8443']],
  [['https://user:secret@registry.example.com/'], ['registry.example.com:443']],
  [['http://localhost:4873/'], ['localhost:4873']],
  [['http://[2001:db8::1]:4873/'], ['[2001:db8::1]:4873']],
  [['http://192.0.2.1/'], ['192.0.2.1:80']],
  [['https://bücher.example/'], ['xn--bcher-kva.example:443']],
  [
    ['https://a.example/x', 'https://a.example/y', 'https://b.example'],
    ['a.example:443', 'b.example:443'],
  ],
  [['file:///opt/simple', 'https://a.example'], ['a.example:443']],
  [['./wheels', '/opt/wheels', '~/wheels', 'https://a.example'], ['a.example:443']],
])('%j is %j', (urls, expected) => {
  expect(patterns(...urls)).toEqual(expected);
});

test.each([
  [[], 'stands for nothing here: your configuration names no registry; set SOME_VARIABLE'],
  [['file:///opt/simple'], 'names only folders of this machine'],
  [['registry.example.com'], 'needs a URL, and ~/.npmrc has something else'],
  [['ftp://registry.example.com'], 'needs a URL, and ~/.npmrc has something else'],
  [['https://'], 'needs a URL, and ~/.npmrc has something else'],
  [['https://*/'], 'needs a URL, and ~/.npmrc has something else'],
  [['https://*.example.com/'], 'needs a URL, and ~/.npmrc has something else'],
  [['${NO_SUCH}'], 'needs a URL, and ~/.npmrc has something else'],
])('%j is refused', (urls, problem) => {
  expect(patterns(...urls)).toContain(problem);
});

test('a password in a URL is not shown', () => {
  expect(patterns('https://user:hunter2@exa mple/')).not.toContain('hunter2');
});
