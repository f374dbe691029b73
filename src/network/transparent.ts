import type { Socket } from 'node:net';
import { constants } from 'node:os';
import type { ConnectArrival, ConnectRequest } from '../boundary.ts';
import type { Permission } from '../policy/network-decision.ts';
import type { Destinations, Dialled } from './destination.ts';
import { MAX_DIALS } from './limits.ts';
import type { Join } from './tunnel/join.ts';

/** The gate for connects that srt-init mediates (native/connect.h). */
export interface Transparent {
  /** Returns the errno that the process gets, or 0 to let it go. */
  ask(request: ConnectRequest): Promise<number>;
  connecting(arrival: ConnectArrival): void;
  /** A connection that came to the gateway. */
  serve(socket: Socket): void;
}

const { EACCES, EAGAIN, EHOSTUNREACH } = constants.errno;

/* A process that does not wait for its connection learns the outcome exactly when it comes this
 * soon, as it does on this machine and its network; later, a failure is a reset connection. To
 * wait for longer would be to hold up a whole event loop. */
const EXACT_WITHIN_MS = 2;

/** A connect that was let go. */
interface Allowed {
  permission: Permission;
  dialling: Promise<Dialled>;
}

/* A connection and the word of its port come by two ways, one right after the other. */
const APART_MS = 5_000;

export function createTransparent(destinations: Destinations, join: Join): Transparent {
  const allowed = new Map<number, Allowed>();
  /* By family and port: those whose other half has not come yet. */
  const expected = createWaitingRoom<Allowed>(abandon);
  const unexpected = createWaitingRoom<Socket>((socket) => socket.destroy());

  const meet = async (socket: Socket, { permission, dialling }: Allowed) => {
    const dialled = await dialling;
    /* It may have been reset, or cut, before its other half came. */
    if (dialled.outcome !== 'connected' || dialled.socket.destroyed) socket.resetAndDestroy();
    else if (socket.destroyed) dialled.socket.destroy();
    else join(socket, dialled.socket, permission);
  };

  return {
    async ask(request) {
      const { id, pid, command, address, port, blocking } = request;
      if (allowed.size + expected.size() >= MAX_DIALS) return EAGAIN;
      const process = { pid, command };
      const decision = destinations.decide('transparent', address, port, process);
      if (!decision.allowed) return EACCES;
      const dialling = destinations.dial('transparent', decision, process);
      const outcome = blocking ? await dialling : await soon(dialling);
      if (outcome && outcome.outcome !== 'connected') return errnoFor(outcome);
      allowed.set(id, { permission: decision, dialling });
      return 0;
    },
    connecting({ id, family, port }) {
      const found = allowed.get(id);
      allowed.delete(id);
      if (!found) return;
      if (port === null) {
        abandon(found);
        return;
      }
      const key = `${family} ${port}`;
      const socket = unexpected.take(key);
      if (socket) meet(socket, found);
      else expected.put(key, found);
    },
    serve(socket) {
      socket.on('error', () => socket.destroy());
      const key = `${socket.remoteFamily === 'IPv6' ? 6 : 4} ${socket.remotePort}`;
      const found = expected.take(key);
      if (found) meet(socket, found);
      else unexpected.put(key, socket);
    },
  };
}

function errnoFor(outcome: Exclude<Dialled, { outcome: 'connected' }>): number {
  if (outcome.outcome === 'refused') return EACCES;
  const errnos: Readonly<Record<string, number>> = constants.errno;
  return errnos[outcome.errno] ?? EHOSTUNREACH;
}

function soon<T>(promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), EXACT_WITHIN_MS);
    promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

function abandon({ dialling }: Allowed): void {
  dialling.then((dialled) => dialled.outcome === 'connected' && dialled.socket.destroy());
}

/** Keeps one thing per key for a while. */
function createWaitingRoom<T>(expire: (value: T) => void) {
  const waiting = new Map<string, { value: T; timer: NodeJS.Timeout }>();
  const take = (key: string): T | undefined => {
    const found = waiting.get(key);
    clearTimeout(found?.timer);
    waiting.delete(key);
    return found?.value;
  };
  return {
    take,
    size: () => waiting.size,
    put(key: string, value: T) {
      const before = take(key);
      if (before !== undefined) expire(before);
      const timer = setTimeout(() => {
        waiting.delete(key);
        expire(value);
      }, APART_MS).unref();
      waiting.set(key, { value, timer });
    },
  };
}
