import {
  FIRST_NUMBER,
  LAST_NUMBER,
  type SyntheticAddress,
  syntheticAddress,
  syntheticNumber,
} from './synthetic-address.ts';

/** Seconds for which an asker may keep an address that stands for a name. */
export const SYNTHETIC_TTL = 60;

/** How long an address stays with its name after it was last answered or connected to. Twice the
 * TTL, so that an asker who keeps it for all of that and connects in its last moment still means,
 * and gets, the name it asked for. */
const REST_MS = 2 * SYNTHETIC_TTL * 1000;

/** Which address stands for which name inside one sandbox. Names are canonical (parseHost). */
export interface NamePool {
  /** Null when every address is in use. */
  addressOf(name: string): SyntheticAddress | null;
  nameOf(address: string): string | null;
  /** Whether it lies in the ranges at all: nothing real is ever dialled there. */
  isSynthetic(address: string): boolean;
  /** Keeps the address with its name until the returned function is called. */
  hold(address: string): () => void;
}

export interface NamePoolOptions {
  /** How many names at once; all that the ranges have if not given. */
  size?: number;
  /** Milliseconds that never go back. */
  now?: () => number;
}

interface Entry {
  name: string;
  number: number;
  touched: number;
  holds: number;
  older: Entry;
  newer: Entry;
}

/* The entries form a ring in the order of their last use, and an open connection takes its entry
 * out of it. A Map alone would keep that order too, but finding its first key takes time in
 * proportion to the keys deleted before it. */
export function createNamePool({
  size = LAST_NUMBER - FIRST_NUMBER + 1,
  now = () => performance.now(),
}: NamePoolOptions = {}): NamePool {
  const byName = new Map<string, Entry>();
  const byNumber: Entry[] = [];
  const ring = createEntry('', -1);

  /** An entry that nothing has used for long enough gives its address away. */
  const reuse = (name: string): Entry | null => {
    const oldest = ring.newer;
    if (oldest === ring || now() - oldest.touched < REST_MS) return null;
    unlink(oldest);
    byName.delete(oldest.name);
    oldest.name = name;
    return oldest;
  };

  const allocate = (name: string): Entry | null => {
    const number = FIRST_NUMBER + byNumber.length;
    const isFull = byNumber.length >= size || number > LAST_NUMBER;
    const entry = isFull ? reuse(name) : createEntry(name, number);
    if (!entry) return null;
    byNumber[entry.number - FIRST_NUMBER] = entry;
    byName.set(name, entry);
    return entry;
  };

  const touch = (entry: Entry) => {
    entry.touched = now();
    unlink(entry);
    if (entry.holds === 0) insertBefore(ring, entry);
  };

  const find = (address: string): Entry | undefined =>
    byNumber[(syntheticNumber(address) ?? -1) - FIRST_NUMBER];

  return {
    addressOf(name) {
      const entry = byName.get(name) ?? allocate(name);
      if (!entry) return null;
      touch(entry);
      return syntheticAddress(entry.number);
    },
    nameOf: (address) => find(address)?.name ?? null,
    isSynthetic: (address) => syntheticNumber(address) !== null,
    hold(address) {
      const entry = find(address);
      if (!entry) return () => {};
      const change = (by: 1 | -1) => {
        entry.holds += by;
        touch(entry);
      };
      change(1);
      let held = true;
      return () => {
        if (held) change(-1);
        held = false;
      };
    },
  };
}

/** An entry outside of every ring is a ring of its own. */
function createEntry(name: string, number: number): Entry {
  const entry = { name, number, touched: 0, holds: 0 } as Entry;
  entry.older = entry;
  entry.newer = entry;
  return entry;
}

function unlink(entry: Entry): void {
  entry.older.newer = entry.newer;
  entry.newer.older = entry.older;
  entry.older = entry;
  entry.newer = entry;
}

function insertBefore(place: Entry, entry: Entry): void {
  entry.older = place.older;
  entry.newer = place;
  place.older.newer = entry;
  place.older = entry;
}
