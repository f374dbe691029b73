import { lookup } from 'node:dns';
import { readFile, stat } from 'node:fs/promises';

/** All addresses of a name, in the order in which they should be tried. */
export type Resolve = (name: string) => Promise<string[]>;

const HOSTS_FILE = '/etc/hosts';

/** Asks the host's own resolver for all addresses of a name, as the name of the whole path to the
 * root: where example.com does not exist, resolv.conf's search list would have glibc go on with
 * example.com.SEARCH, a host that nobody has allowed (resolv.conf(5), and RFC 1535 of 1993). A
 * trailing dot prevents it, but makes glibc overlook /etc/hosts, whose names have none; those are
 * asked for as they are, and so are single labels, which mean little without the list. */
export const resolveAbsolute: Resolve = async (name) => {
  const isRelative = !name.includes('.') || (await namesInHostsFile()).has(name);
  return lookUp(isRelative ? name : `${name}.`);
};

function lookUp(name: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true, verbatim: true }, (error, found) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });
}

let known: { version: string; names: Promise<ReadonlySet<string>> } | null = null;

/** Read again when the file has changed: some have a hundred thousand lines. */
async function namesInHostsFile(): Promise<ReadonlySet<string>> {
  try {
    const { mtimeMs, size, ino } = await stat(HOSTS_FILE);
    const version = `${mtimeMs} ${size} ${ino}`;
    if (known?.version !== version)
      known = { version, names: readFile(HOSTS_FILE, 'utf8').then(namesOf) };
    return await known.names;
  } catch {
    return new Set(); // no such file, or none that we may read: then glibc cannot either
  }
}

/** The names of a hosts file (hosts(5)), in lower case. */
export function namesOf(text: string): ReadonlySet<string> {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  return new Set(lines.flatMap(([, ...names]) => names.map((name) => name.toLowerCase())));
}
