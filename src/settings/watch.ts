import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf, isSrtError } from '../errors.ts';
import { isWithin } from '../policy/path-rules.ts';
import type { Snapshot } from './settings.ts';

export interface Watched {
  /** Absolute. */
  path: string;
  /** What counts so far; null when there was no such file. */
  snapshot: Snapshot | null;
  /** What the command can write. */
  writeRoots: readonly string[];
  read(): Snapshot;
}

export interface WatchListener {
  changed(text: string): void;
  /** The file cannot be used as it is now. */
  failed(problem: string): void;
}

/* Reading it again works for every way in which editors save, for links, on file systems that
 * notify nobody or tell time coarsely, and when inotify is exhausted. A few system calls a second. */
const INTERVAL_MS = 1000;

/* A file that is being written is read half: it counts once two readings are the same. */
const SETTLE_MS = 150;

const MISSING = 'no such settings file';
const FOREIGN = 'is another file now, in a place that the command can write';

type Reading = { text: string } | { problem: string };

/** Watches a settings file from now on, beginning with what happened since it was read. Does not
 * keep the process alive. What is not a file, such as a pipe, is not watched. Returns what stops it. */
export function watchSettings(
  watched: Watched,
  listener: WatchListener,
  interval = INTERVAL_MS,
): () => void {
  const { path, snapshot } = watched;
  if (snapshot !== null && isOther(path)) return () => {};
  const isTrusted = trust(watched);
  let known = snapshot === null ? keyOf({ problem: MISSING }) : keyOf(snapshot);
  let before = known;
  let settling = false;
  const look = () => {
    settling = false;
    const reading = read(watched, isTrusted);
    const key = keyOf(reading);
    settling = key !== before && key !== known;
    before = key;
    if (settling) setTimeout(look, SETTLE_MS).unref();
    if (settling || key === known) return;
    known = key;
    if ('text' in reading) listener.changed(reading.text);
    else listener.failed(reading.problem);
    /* From here on it is the command that decides what there is to see. */
    if ('problem' in reading && reading.problem === FOREIGN) clearInterval(timer);
  };
  const timer = setInterval(() => settling || look(), interval).unref();
  look();
  return () => clearInterval(timer);
}

function keyOf(reading: Reading): string {
  return 'text' in reading ? `=${reading.text}` : `!${reading.problem}`;
}

function read(watched: Watched, isTrusted: (snapshot: Snapshot) => boolean): Reading {
  try {
    /* Opening a pipe would wait for whoever writes to it. */
    if (!statSync(watched.path).isFile()) return { problem: 'is not a file any more' };
    const snapshot = watched.read();
    if (isTrusted(snapshot)) return snapshot;
    return { problem: FOREIGN };
  } catch (error) {
    const cause = isSrtError(error) ? error.cause : error;
    if (errnoOf(cause) === 'ENOENT') return { problem: MISSING };
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function isOther(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}

/** Whether what was read can only be the user's. Inside a write root the sandbox protects the one
 * file that was there at the start, by a mount, and the kernel takes that away when somebody
 * outside puts another file in its place, as many editors do. Elsewhere nothing that the command
 * does can change the file or where the path leads. */
function trust({ path, snapshot, writeRoots }: Watched): (read: Snapshot) => boolean {
  const place = locate(path);
  const roots = writeRoots.map(locate);
  const outside = place !== null && !roots.some((root) => root !== null && isWithin(place, root));
  return ({ identity }) => identity === snapshot?.identity || (outside && locate(path) === place);
}

/** The path without links; of a missing file that of its folder and its name. */
function locate(path: string): string | null {
  for (const at of [path, dirname(path)]) {
    try {
      return at === path ? realpathSync(path) : join(realpathSync(at), basename(path));
    } catch {}
  }
  return null;
}
