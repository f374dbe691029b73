/** Whether a name has an address, as the host's resolver sees it. */
export type Existence = 'found' | 'missing' | 'failed';

/** Asks the host's resolver. Settles in the end, as getaddrinfo(3) does; a rejection is `failed`. */
export type ResolveExistence = (name: string) => Promise<Existence>;

/** Long enough for the A, AAAA and HTTPS questions of one connection and its retries. */
const KEEP_MS = 5_000;
const MAX_KEPT = 1024;

/** getaddrinfo runs in a pool of four threads that the gate needs for its own connections, so a
 * program that asks for ever new names may not queue up without end. */
const MAX_AT_ONCE = 64;

/** Answers equal questions at the same time by one resolution, and keeps `found` for a while. */
export function createExistence(
  resolve: ResolveExistence,
  now: () => number = () => performance.now(),
): ResolveExistence {
  const running = new Map<string, Promise<Existence>>();
  /** Until when each name is known to be found, soonest first. */
  const found = new Map<string, number>();

  const isKnown = (name: string): boolean => {
    const until = found.get(name);
    if (until !== undefined && until > now()) return true;
    found.delete(name);
    return false;
  };

  const keep = (name: string) => {
    const [soonest] = found.keys();
    if (found.size >= MAX_KEPT && soonest !== undefined) found.delete(soonest);
    found.delete(name);
    found.set(name, now() + KEEP_MS);
  };

  const run = async (name: string): Promise<Existence> => {
    try {
      const existence = await resolve(name);
      if (existence === 'found') keep(name);
      return existence;
    } catch {
      return 'failed';
    }
  };

  return (name) => {
    if (isKnown(name)) return Promise.resolve('found');
    const shared = running.get(name);
    if (shared) return shared;
    if (running.size >= MAX_AT_ONCE) return Promise.resolve('failed');
    const started = run(name).finally(() => running.delete(name));
    running.set(name, started);
    return started;
  };
}
