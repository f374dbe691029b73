import { join } from 'node:path';
import type { RegistryConfiguration } from '../policy/registry-preset.ts';
import {
  type ConfigurationEntry,
  parseConfiguration,
  readConfiguration,
} from './configuration-file.ts';
import { type ConfigurationPlaces, configurationFolder, pathIn } from './configuration-places.ts';

interface Named {
  values: readonly string[];
  from: string;
}

/** What pip and uv ask. Of each of pip's options the first place that has it counts, as for pip:
 * its variable, then its files from the closest; uv adds its own indexes up. */
export function pypiRegistries(places: ConfigurationPlaces): RegistryConfiguration {
  const { home, etc } = places;
  const folder = configurationFolder(places);
  const pipFiles = [
    ...[pathIn(places, 'PIP_CONFIG_FILE') ?? []].flat(),
    join(folder, 'pip/pip.conf'),
    join(home, '.pip/pip.conf'),
    join(etc, 'pip.conf'),
    join(etc, 'xdg/pip/pip.conf'),
  ];
  const uvFiles = [join(folder, 'uv/uv.toml'), join(etc, 'uv/uv.toml')];
  const read = (files: string[], style: 'ini' | 'pip') =>
    files.map((file) => ({ file, entries: parseConfiguration(readConfiguration(file), style) }));
  const pip = read(pipFiles, 'pip');
  const option = (name: string): Named => {
    const variable = inVariable(places, `PIP_${name.toUpperCase().replaceAll('-', '_')}`);
    const inFiles = pip.map(({ file, entries }) => pick(file, entries, name));
    return [variable, ...inFiles].find(({ values }) => values.length > 0) ?? variable;
  };
  const links = option('find-links');
  const named = [
    option('index-url'),
    option('extra-index-url'),
    /* Mostly folders, and those by any path. */
    { ...links, values: links.values.filter((value) => value.includes('://')) },
    ...UV_VARIABLES.map((name) => inVariable(places, name)),
    ...read(uvFiles, 'ini').flatMap(({ file, entries }) =>
      ['index-url', 'extra-index-url', 'url'].map((key) => pick(file, entries, key)),
    ),
  ];
  return {
    urls: named.flatMap(({ values, from }) => values.map((url) => ({ url, from }))),
    files: [...pipFiles, ...uvFiles],
    places: 'PIP_INDEX_URL or UV_DEFAULT_INDEX, or index-url= in pip.conf',
  };
}

const UV_VARIABLES = ['UV_DEFAULT_INDEX', 'UV_INDEX', 'UV_INDEX_URL', 'UV_EXTRA_INDEX_URL'];

/** UV_INDEX has items of the form name=url. */
function inVariable({ variables }: ConfigurationPlaces, name: string): Named {
  const items = variables[name]?.split(/\s+/).filter((item) => item !== '') ?? [];
  return { values: items.map((item) => item.replace(/^[\w.-]+=/, '')), from: name };
}

function pick(file: string, entries: readonly ConfigurationEntry[], key: string): Named {
  const found = entries.filter((entry) => entry.key.replaceAll('_', '-') === key);
  return { values: found.flatMap(({ values }) => values), from: file };
}
