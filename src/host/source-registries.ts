import { join } from 'node:path';
import type { RegistryConfiguration } from '../policy/registry-preset.ts';
import { parseConfiguration, readConfiguration } from './configuration-file.ts';
import { type ConfigurationPlaces, configurationFolder, pathIn } from './configuration-places.ts';

/** What cargo asks: the registries and replaced sources of its user-wide file, and variables. */
export function cargoRegistries(places: ConfigurationPlaces): RegistryConfiguration {
  const folder = pathIn(places, 'CARGO_HOME') ?? join(places.home, '.cargo');
  const files = [join(folder, 'config.toml'), join(folder, 'config')];
  const inVariables = Object.entries(places.variables).flatMap(([name, value]) =>
    /^CARGO_REGISTRIES_.+_INDEX$/.test(name) && value ? [{ url: value, from: name }] : [],
  );
  const inFiles = files.flatMap((file) =>
    parseConfiguration(readConfiguration(file), 'ini')
      .filter(({ section, key }) => REGISTRY.test(`${section}.${key}`))
      .flatMap(({ values }) => values.map((url) => ({ url, from: file }))),
  );
  /* "sparse+https://" and "registry+https://" say how the index is kept. */
  const urls = [...inVariables, ...inFiles].map(({ url, from }) => ({
    url: url.replace(/^(sparse|registry)\+/, ''),
    from,
  }));
  return { urls, files, places: 'CARGO_REGISTRIES_<name>_INDEX, or a source in ~/.cargo' };
}

/** "registries.NAME.index" or "source.NAME.registry", with the dots in the section or in the key. */
const REGISTRY = /^\.?(registries\..+\.index|source\..+\.registry)$/;

/** What go asks: GOPROXY is a list, in which some words are no proxies (`go help goproxy`). */
export function goRegistries(places: ConfigurationPlaces): RegistryConfiguration {
  const { GOPROXY, GOENV } = places.variables;
  const file = pathIn(places, 'GOENV') ?? join(configurationFolder(places), 'go/env');
  const files = GOENV === 'off' ? [] : [file];
  const inFile = files.flatMap((path) =>
    parseConfiguration(readConfiguration(path), 'ini')
      .filter(({ key }) => key === 'GOPROXY')
      .flatMap(({ values }) => values),
  );
  const proxies = (GOPROXY ? [GOPROXY] : inFile).flatMap((value) => value.split(/[,|]/));
  const urls = proxies
    .filter((proxy) => !['', 'direct', 'off'].includes(proxy))
    .map((url) => ({ url, from: GOPROXY ? 'GOPROXY' : file }));
  return { urls, files, places: 'GOPROXY, or GOPROXY= by go env -w' };
}
