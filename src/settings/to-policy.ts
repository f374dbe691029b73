import { normalize, resolve } from 'node:path';
import { credentialStores } from '../policy/credential-stores.ts';
import type { PathRule } from '../policy/path-rules.ts';
import type { Policy } from '../policy/policy.ts';
import type { RegistriesOf } from '../policy/registry-preset.ts';
import { environmentOf } from './environment.ts';
import { forwards } from './forwards.ts';
import { macGrants } from './mac-grants.ts';
import { networkRules } from './network-rules.ts';
import { holdsCredentials, upstreamOf, type Variables } from './parent-proxy.ts';
import { startedNext, withPathFolders } from './path-folders.ts';
import { pathRules } from './path-rules.ts';
import { cachePolicy, cacheStores } from './private-caches.ts';
import { protectedNamesOf } from './protected-names.ts';
import type { LoadedSettings } from './settings.ts';
import { unixSockets } from './unix-sockets.ts';

export interface PolicyContext {
  home: string;
  /** Where else credential stores and protected names lie: the home folder of the user database,
   * when HOME says something else. */
  otherHomes?: readonly string[];
  cwd: string;
  /** Whose credential stores there are; that of this machine if not given. */
  platform?: NodeJS.Platform;
  /** Paths that stay read-only whatever the settings allow: srt itself and its settings. */
  protect: readonly string[];
  /** Absolute path of the settings file, which is denied for reading when it holds a password. */
  settingsPath?: string;
  /** Where HTTP_PROXY and its like are looked up, XDG_CACHE_HOME and PATH; without it they are not. */
  environment?: Variables;
  /** What the sandbox is called: its private caches are kept by that. */
  name?: string | null;
  /** Whether the command gets a clean environment, whatever env.mode says. */
  cleanEnvironment?: boolean;
  /** What `@npm` and its like stand for here (host/registries.ts). Without it they are refused. */
  registries?: RegistriesOf;
}

/** Turns validated settings into the policy: `~` and relative paths made absolute, hosts
 * canonical, srt's own rules added. Throws SRT_SETTINGS_INVALID with the place of the entry. */
export function toPolicy(loaded: LoadedSettings, given: PolicyContext): Policy {
  const context = { ...given, home: resolve(given.cwd, given.home) };
  const { domains, files } = networkRules(loaded, context.registries);
  const listed = pathRules(loaded, context);
  const names = loaded.settings.filesystem?.names ?? 'mediate';
  const roots = listed
    .filter(({ list }) => list === 'allowWrite')
    .map((entry) => ('path' in entry ? entry.path : entry.base));
  /* What decided this run must not be written by it, nor what decides the next one. Nobody wants placeholders
   * of programs. */
  const next = names === 'mount' ? [] : startedNext(context.environment?.PATH, roots);
  const protect = [...context.protect, ...files, ...next];
  return {
    paths: [
      ...builtInRules({ ...context, protect }),
      ...secretRules(loaded, context),
      ...listed.flatMap((entry) => ('path' in entry ? [entry] : [])),
    ],
    patterns: listed.flatMap((entry) => ('base' in entry ? [entry] : [])),
    names,
    caches: cachePolicy(loaded, context),
    protectedNames: withPathFolders(protectedNamesOf(loaded), {
      home: context.home,
      cwd: given.cwd,
      path: context.environment?.PATH,
    }),
    homes: [given.home, ...(given.otherHomes ?? [])].map((folder) => resolve(given.cwd, folder)),
    domains,
    forwards: forwards(loaded),
    transparent: loaded.settings.network?.transparent ?? true,
    unixSockets: unixSockets(loaded, context),
    upstream: upstreamOf(loaded, context.environment),
    environment: environmentOf(loaded, context.cleanEnvironment === true),
    macos: macGrants(loaded),
    settingsFile: loaded.file,
  };
}

function builtInRules(context: PolicyContext): PathRule[] {
  const { home, otherHomes = [], platform = process.platform, protect } = context;
  const rule = (list: PathRule['list'], path: string, typed: string): PathRule => ({
    list,
    path,
    source: { setting: `filesystem.${list}`, typed, where: null },
  });
  const stores = (folder: string, shown: string) =>
    credentialStores(platform).map(([path]) =>
      rule('denyRead', `${folder === '/' ? '' : folder}/${path}`, `${shown}/${path}`),
    );
  return [
    rule('private', '/tmp', '/tmp'),
    ...stores(home, '~'),
    ...otherHomes.flatMap((folder) => stores(normalize(folder), folder)),
    ...cacheStores(context).map((path) => rule('denyRead', path, path)),
    ...protect.map((path) => rule('denyWrite', normalize(path), path)),
  ];
}

/** A user's `allowRead` of the file itself re-opens it, as with other credentials. */
function secretRules(loaded: LoadedSettings, { settingsPath }: PolicyContext): PathRule[] {
  if (settingsPath === undefined || !holdsCredentials(loaded)) return [];
  const source = { setting: 'filesystem.denyRead', typed: settingsPath, where: null };
  return [{ list: 'denyRead', path: normalize(settingsPath), source }];
}
