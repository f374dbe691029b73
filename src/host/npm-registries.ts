import { dirname, join } from 'node:path';
import type { RegistryConfiguration } from '../policy/registry-preset.ts';
import { parseConfiguration, readConfiguration } from './configuration-file.ts';
import type { ConfigurationPlaces, Variables } from './configuration-places.ts';

interface Named {
  /** "registry", or "@scope:registry". */
  key: string;
  url: string;
  from: string;
}

/** What npm asks, in the order in which it looks: variables, the user's file, the system's; at
 * last npm itself, which has a file of its own and a default. Every scope's registry counts. */
export function npmRegistries(places: ConfigurationPlaces): RegistryConfiguration {
  const { variables, home } = places;
  const own = ownVariables(variables);
  const prefix = own('prefix') ?? dirname(dirname(process.execPath));
  const files = [
    own('userconfig') ?? join(home, '.npmrc'),
    own('globalconfig') ?? join(prefix, 'etc/npmrc'),
  ].map((path) => path.replace(/^~(?=\/)/, home));
  const absolute = files.filter((path) => path.startsWith('/'));
  const named = [...inVariables(variables), ...absolute.flatMap((file) => inFile(file, variables))];
  const first = named.find(({ key }) => key === 'registry') ?? asked(places);
  const scoped = named.filter(({ key }) => key !== 'registry');
  return {
    urls: [...(first ? [first] : []), ...scoped].map(({ url, from }) => ({ url, from })),
    files: absolute,
    places: 'npm_config_registry, or registry= in ~/.npmrc',
  };
}

function asked({ askNpm }: ConfigurationPlaces): Named | null {
  const url = askNpm();
  return url === null ? null : { key: 'registry', url, from: 'npm config get registry' };
}

/** A package manager that runs a script of a project sets npm_config_ variables, some of them from
 * the project's own file: there they say nothing about the user. */
function npmVariables(variables: Variables): [name: string, key: string, value: string][] {
  if (variables.npm_lifecycle_event !== undefined) return [];
  return Object.entries(variables).flatMap(([name, value]) => {
    const key = /^npm_config_(.+)$/i.exec(name)?.[1]?.toLowerCase();
    return key === undefined || !value ? [] : [[name, key, value]];
  });
}

function ownVariables(variables: Variables): (key: string) => string | undefined {
  const all = npmVariables(variables);
  return (wanted) => all.find(([, key]) => key === wanted)?.[2];
}

const REGISTRY_KEY = /^(@[^:]+:)?registry$/;

function inVariables(variables: Variables): Named[] {
  return npmVariables(variables)
    .filter(([, key]) => REGISTRY_KEY.test(key))
    .map(([from, key, url]) => ({ key, url, from }));
}

/** npm's files may name variables as ${NAME}. */
function inFile(file: string, variables: Variables): Named[] {
  return parseConfiguration(readConfiguration(file), 'ini')
    .filter(({ key, section }) => REGISTRY_KEY.test(key) && section === '')
    .flatMap(({ key, values }) =>
      values.map((value) => ({
        key,
        url: value.replaceAll(/\$\{(\w+)\}/g, (whole, name) => variables[name] ?? whole),
        from: file,
      })),
    );
}
