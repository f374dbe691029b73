import { readdirSync } from 'node:fs';
import type { ConfigurationPlaces } from '../../../src/host/configuration-places.ts';
import { askNpm, scriptAt } from '../../../src/host/npm-client.ts';
import { npmRegistries } from '../../../src/host/npm-registries.ts';
import { pypiRegistries } from '../../../src/host/pypi-registries.ts';
import { readRegistries } from '../../../src/host/registries.ts';
import { cargoRegistries, goRegistries } from '../../../src/host/source-registries.ts';
import { requires } from '../../support/requires.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

const ONE = 'https://registry.example.com/';
const TWO = 'https://two.example.com:8443/npm/';
const THREE = 'http://three.example.com/';

/** The places of a user whose home and /etc are below a temporary folder. */
function places(
  files: Record<string, string> = {},
  variables: Record<string, string> = {},
  asked: string | null = null,
): ConfigurationPlaces & { questions: number } {
  for (const [name, text] of Object.entries(files)) dir.file(name, text);
  const given = {
    variables: { npm_config_globalconfig: `${dir.path}/etc/npmrc`, ...variables },
    home: `${dir.path}/home`,
    etc: `${dir.path}/etc`,
    questions: 0,
    askNpm: () => {
      given.questions++;
      return asked;
    },
  };
  return given;
}

const urls = ({ urls }: { urls: readonly { url: string }[] }) => urls.map(({ url }) => url);

describe('npm', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['a variable', {}, { npm_config_registry: ONE }, [ONE]],
    ['a variable in capitals', {}, { NPM_CONFIG_REGISTRY: ONE }, [ONE]],
    ['an empty variable', { 'home/.npmrc': `registry=${TWO}` }, { npm_config_registry: '' }, [TWO]],
    ['the file', { 'home/.npmrc': `fund=false\n registry = "${ONE}"\n` }, {}, [ONE]],
    ['with carriage returns', { 'home/.npmrc': `a=b\r\nregistry=${ONE}\r\n` }, {}, [ONE]],
    ['a comment', { 'home/.npmrc': `;registry=${TWO}\nregistry=${ONE} ; mine` }, {}, [ONE]],
    ['a section, which is not npm', { 'home/.npmrc': `[x]\nregistry=${ONE}` }, {}, []],
    [
      'the variable first',
      { 'home/.npmrc': `registry=${TWO}` },
      { npm_config_registry: ONE },
      [ONE],
    ],
    ['the global file', { 'etc/npmrc': `registry=${ONE}` }, {}, [ONE]],
    [
      'the own file first',
      { 'etc/npmrc': `registry=${TWO}`, 'home/.npmrc': `registry=${ONE}` },
      {},
      [ONE],
    ],
    ['a variable in the file', { 'home/.npmrc': 'registry=${MY_REG}' }, { MY_REG: ONE }, [ONE]],
    ['one that is not set', { 'home/.npmrc': 'registry=${NO_SUCH}' }, {}, ['${NO_SUCH}']],
    [
      'every scope',
      {
        'home/.npmrc': `@a:registry=${TWO}\n//x/:_authToken=1`,
        'etc/npmrc': `@b:registry=${THREE}`,
      },
      { npm_config_registry: ONE },
      [ONE, TWO, THREE],
    ],
    ['a scope in a variable', {}, { 'npm_config_@a:registry': TWO }, [TWO]],
  ])('%s', (_what, files, variables, expected) => {
    expect(urls(npmRegistries(places(files, variables)))).toEqual(expected);
  });

  test('another file that a variable names', () => {
    const file = dir.file('other', `registry=${ONE}`);
    const given = places({ 'home/.npmrc': `registry=${TWO}` }, { npm_config_userconfig: file });
    expect(npmRegistries(given)).toMatchObject({
      urls: [{ url: ONE, from: file }],
      files: [file, `${dir.path}/etc/npmrc`],
    });
  });

  test('is asked itself at last, and not before', () => {
    const unnamed = places({ 'home/.npmrc': `@a:registry=${TWO}` }, {}, ONE);
    expect(urls(npmRegistries(unnamed))).toEqual([ONE, TWO]);
    expect(unnamed.questions).toBe(1);
    const named = places({}, { npm_config_registry: THREE }, ONE);
    expect(urls(npmRegistries(named))).toEqual([THREE, TWO]);
    expect(named.questions).toBe(0);
  });

  /* The package manager that runs a project's script may have them from the project's file. */
  test('in a script of a project the variables count for nothing', () => {
    const variables = { npm_config_registry: TWO, npm_lifecycle_event: 'test' };
    const given = places({ 'home/.npmrc': `registry=${ONE}` }, variables);
    expect(urls(npmRegistries(given))).toEqual([ONE]);
  });

  test('the file of the project is not read', () => {
    const before = process.cwd();
    dir.file('project/pip.conf', `[global]\nindex-url=${TWO}`);
    dir.file('project/.npmrc', `registry=${TWO}`);
    process.chdir(`${dir.path}/project`);
    try {
      expect(urls(npmRegistries(places({ 'home/.npmrc': `registry=${ONE}` })))).toEqual([ONE]);
      const relative = places({}, { npm_config_userconfig: '.npmrc' });
      expect(urls(npmRegistries(relative))).toEqual([]);
      expect(urls(pypiRegistries(places({}, { PIP_CONFIG_FILE: 'pip.conf' })))).toEqual([]);
      expect(urls(pypiRegistries(places({}, { XDG_CONFIG_HOME: '.' })))).toEqual([]);
    } finally {
      process.chdir(before);
    }
  });
});

describe('pip and uv', () => {
  const pip = (text: string) => ({ 'home/.config/pip/pip.conf': text });
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['a variable', {}, { PIP_INDEX_URL: ONE }, [ONE]],
    [
      'an extra one',
      {},
      { PIP_INDEX_URL: ONE, PIP_EXTRA_INDEX_URL: `${TWO} ${THREE}` },
      [ONE, TWO, THREE],
    ],
    ['the file', pip(`[global]\nindex-url = ${ONE}\n`), {}, [ONE]],
    ['with a colon', pip(`[global]\nindex-url: ${ONE}\n`), {}, [ONE]],
    ['with an underscore', pip(`[global]\nindex_url=${ONE}\n`), {}, [ONE]],
    [
      'on several lines',
      pip(`[global]\nextra-index-url =\n    ${ONE}\n    ${TWO}\ntimeout = 1`),
      {},
      [ONE, TWO],
    ],
    ['the old file', { 'home/.pip/pip.conf': `[global]\nindex-url=${ONE}` }, {}, [ONE]],
    ['the file of all users', { 'etc/pip.conf': `[global]\nindex-url=${ONE}` }, {}, [ONE]],
    [
      'the closest of each option',
      {
        ...pip(`[global]\nindex-url=${ONE}`),
        'etc/pip.conf': `[global]\nindex-url=${TWO}\nextra-index-url=${THREE}`,
      },
      {},
      [ONE, THREE],
    ],
    [
      'links that are URLs',
      {},
      { PIP_INDEX_URL: ONE, PIP_FIND_LINKS: `${TWO} ./wheels wheels` },
      [ONE, TWO],
    ],
    ['a folder', pip('[global]\nindex-url=file:///opt/simple'), {}, ['file:///opt/simple']],
    ['uv', {}, { UV_DEFAULT_INDEX: ONE, UV_INDEX: `a=${TWO} ${THREE}` }, [ONE, TWO, THREE]],
    [
      'the file of uv',
      {
        'home/.config/uv/uv.toml': `[[index]]\nname = "a"\nurl = "${ONE}"\n[pip]\nextra-index-url = [\n  "${TWO}", # x\n  "${THREE}",\n]\n`,
      },
      {},
      [TWO, THREE, ONE],
    ],
  ])('%s', (_what, files, variables, expected) => {
    expect(urls(pypiRegistries(places(files, variables)))).toEqual(expected);
  });

  test('a file that a variable names comes first', () => {
    const file = dir.file('other.conf', `[global]\nindex-url=${ONE}`);
    const given = places(pip(`[global]\nindex-url=${TWO}`), { PIP_CONFIG_FILE: file });
    expect(urls(pypiRegistries(given))).toEqual([ONE]);
  });
});

describe('cargo', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['a variable', {}, { CARGO_REGISTRIES_MINE_INDEX: `sparse+${ONE}` }, [ONE]],
    [
      'a registry',
      { 'home/.cargo/config.toml': `[registries.mine]\nindex = "sparse+${ONE}"` },
      {},
      [ONE],
    ],
    ['in one key', { 'home/.cargo/config.toml': `registries.mine.index = "${ONE}"` }, {}, [ONE]],
    [
      'a replaced source',
      { 'home/.cargo/config': `[source.a]\nreplace-with = "b"\n[source.b]\nregistry = "${ONE}"` },
      {},
      [ONE],
    ],
    [
      'other keys',
      { 'home/.cargo/config.toml': `[registry]\ntoken = "x"\n[net]\nregistry = "${ONE}"` },
      {},
      [],
    ],
  ])('%s', (_what, files, variables, expected) => {
    expect(urls(cargoRegistries(places(files, variables)))).toEqual(expected);
  });
});

describe('go', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['a variable', {}, { GOPROXY: `${ONE},direct` }, [ONE]],
    ['several', {}, { GOPROXY: `${ONE}|${TWO},off` }, [ONE, TWO]],
    ['none', {}, { GOPROXY: 'direct' }, []],
    ['the file', { 'home/.config/go/env': `GOFLAGS=-x\nGOPROXY=${ONE},${TWO}` }, {}, [ONE, TWO]],
    ['the variable first', { 'home/.config/go/env': `GOPROXY=${TWO}` }, { GOPROXY: ONE }, [ONE]],
    ['no file', { 'home/.config/go/env': `GOPROXY=${TWO}` }, { GOENV: 'off' }, []],
  ])('%s', (_what, files, variables, expected) => {
    expect(urls(goRegistries(places(files, variables)))).toEqual(expected);
  });
});

test('each preset has its reader', () => {
  const variables = { npm_config_registry: ONE, PIP_INDEX_URL: TWO, GOPROXY: THREE };
  const registries = readRegistries(`${dir.path}/home`, variables);
  expect(urls(registries('npm'))).toContain(ONE);
  expect(urls(registries('pypi'))).toContain(TWO);
  expect(urls(registries('go'))).toContain(THREE);
  expect(registries('cargo').files).toContain(`${dir.path}/home/.cargo/config.toml`);
});

test('an npm that others than root can write is not run', () => {
  const script = dir.file('npm-cli.js', '');
  expect(scriptAt(script)).toBeNull();
  expect(scriptAt(`${dir.path}/missing`)).toBeNull();
});

requires('an npm of root', scriptAt('/usr/bin/npm') !== null)(
  'npm tells its registry, and leaves nothing in the home folder',
  () => {
    const home = dir.folder('home');
    expect(askNpm(home)).toMatch(/^https?:/);
    expect(readdirSync(home)).toEqual([]);
  },
);
