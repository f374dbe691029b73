import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { SrtError } from '../errors.ts';
import { type CachePolicy, type OwnFolder, SANDBOX_NAME } from '../policy/private-caches.ts';
import type { Variables } from './parent-proxy.ts';
import type { LoadedSettings } from './settings.ts';

/** Of PolicyContext what says where caches are, and whose. */
interface Context {
  home: string;
  otherHomes?: readonly string[];
  environment?: Variables;
  name?: string | null;
}

const STORE = ['.cache', 'srt'];

/** What filesystem.privateCaches and the name of the sandbox come to. Throws SRT_USAGE for a name
 * that is none. */
export function cachePolicy({ settings }: LoadedSettings, context: Context): CachePolicy {
  const { name = null } = context;
  if (name !== null && !SANDBOX_NAME.test(name))
    throw new SrtError('SRT_USAGE', `${JSON.stringify(name)} is no name for a sandbox`, {
      hint: 'use up to 64 of a-z, 0-9, dot, hyphen and underscore, beginning with a letter or digit',
    });
  const given = name === null ? ('run' as const) : { name };
  return { store: ownStore(context), own: settings.filesystem?.privateCaches ? given : 'none' };
}

/** Where the kept caches of sandboxes may be: also those of runs that had another home folder, or
 * no XDG_CACHE_HOME. */
export function cacheStores(context: Context): string[] {
  const { base, below } = ownStore(context);
  const homes = [context.home, ...(context.otherHomes ?? [])];
  return [...new Set([join(base, ...below), ...homes.map((home) => join(home, ...STORE))])];
}

function ownStore({ home, environment }: Context): OwnFolder {
  /* A relative one is to be ignored, says the specification. */
  const named = environment?.XDG_CACHE_HOME ?? '';
  if (!isAbsolute(named)) return { base: home, below: STORE };
  const folder = normalize(named).replace(/(?<=.)\/+$/, '');
  return { base: dirname(folder), below: [basename(folder), 'srt'].filter(Boolean) };
}
