import { _forkChild } from 'node:child_process';

/* Node can be handed a socket by a child that is not Node: srt-init sends the one JSON line that
 * Node's own children send, {"cmd":"NODE_HANDLE","type":"net.Native","msg":…}, with the
 * descriptor as SCM_RIGHTS, and Node answers {"cmd":"NODE_HANDLE_ACK"} by itself. The handle then
 * arrives as the second argument of 'message'. This is Node's internal protocol
 * (lib/internal/child_process.js), the same since Node 6; it is used here, in native/handover.c
 * and nowhere else, and test/unit/supervisor/handles.test.ts fails on a Node that changes it. */

/** What a socket is that srt-init sends: a listener by its place in START, or the connection that
 * a DIAL asked for. */
export type Parcel = { listener: number } | { dial: number };

/** The handle is what net's listen, dgram's bind and net.Socket take. */
export type Arrived = (parcel: Parcel, handle: unknown) => void;

export interface Sockets {
  /** Called once. */
  onArrival(arrived: Arrived): void;
  /** Sockets can come from now on, at the latest. */
  expect(): void;
}

type Messages = Pick<NodeJS.EventEmitter, 'on'>;

function listen(source: Messages, arrived: Arrived): void {
  source.on('message', (message: unknown, handle: unknown) => {
    if (handle) arrived(message as Parcel, handle);
  });
}

/** Those of a child that has an IPC channel. */
export function socketsOfChild(child: Messages): Sockets {
  return { onArrival: (arrived) => listen(child, arrived), expect() {} };
}

declare module 'node:child_process' {
  /** What Node itself calls in a process that has NODE_CHANNEL_FD in its environment, at its start and at
   * the price of 3 ms; here it is called when there is a need. */
  function _forkChild(fd: number, serialization: 'json'): void;
}

/* Long enough for a command that wants no network to be over, short enough to be ready for the first
 * connection of one that does. */
const READY_AFTER_MS = 50;

/** Those that come by an IPC channel which this process inherited. */
export function socketsOfDescriptor(fd: number): Sockets {
  let arrival: Arrived | null = null;
  const expect = () => {
    if (!arrival) return;
    _forkChild(fd, 'json');
    listen(process, arrival);
    arrival = null;
  };
  return {
    onArrival(arrived) {
      arrival = arrived;
      setTimeout(expect, READY_AFTER_MS).unref();
    },
    expect,
  };
}
