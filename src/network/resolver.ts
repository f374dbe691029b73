import { lookup } from 'node:dns';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** All addresses of a name, in the order in which they should be tried. */
export type Resolve = (name: string) => Promise<string[]>;

/** Has a name of the host's resolver looked up as the name of the whole path to the root: where
 * example.com does not exist, resolv.conf's search list would have glibc go on with
 * example.com.SEARCH, a host that nobody has allowed (resolv.conf(5), RFC 1535). A trailing dot
 * prevents it, but makes glibc overlook the hosts file, whose names have none; those are asked for
 * as they are, and so are single labels, which mean little without the list. */
export function createResolver(
  ask: Resolve = askHost,
  namesInHostsFile: () => Promise<ReadonlySet<string>> = createHostsReader('/etc/hosts'),
): Resolve {
  return async (name) => {
    const isRelative = !name.includes('.') || (await namesInHostsFile()).has(name);
    return ask(isRelative ? name : `${name}.`);
  };
}

const askHost: Resolve = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true, verbatim: true }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });

/** The names of a hosts file, read again when it has changed: some have a hundred thousand lines. */
export function createHostsReader(file: string): () => Promise<ReadonlySet<string>> {
  let known = { version: '', names: Promise.resolve<ReadonlySet<string>>(new Set()) };
  return async () => {
    try {
      /* A few microseconds; the thread pool would take longer to be asked. */
      const { mtimeMs, size, ino } = statSync(file);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (known.version !== version)
        known = { version, names: readFile(file, 'utf8').then(namesOf) };
      return await known.names;
    } catch {
      return new Set(); // none that we can read: then the resolver cannot either
    }
  };
}

/** In lower case, as hosts(5) has them: behind an address, up to a comment. */
function namesOf(text: string): ReadonlySet<string> {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  return new Set(lines.flatMap(([, ...names]) => names.map((name) => name.toLowerCase())));
}

/** This machine's own. One for all sandboxes: the hosts file is kept once. */
export const resolveAbsolute: Resolve = createResolver();
