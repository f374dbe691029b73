import type { ChildProcess } from 'node:child_process';

/* Node can be handed a socket by a child that is not Node: srt-init sends the one JSON line that
 * Node's own children send, {"cmd":"NODE_HANDLE","type":"net.Native","msg":…}, with the
 * descriptor as SCM_RIGHTS, and Node answers {"cmd":"NODE_HANDLE_ACK"} by itself. The handle then
 * arrives as the second argument of 'message'. This is Node's internal protocol
 * (lib/internal/child_process.js), the same since Node 6; it is used here, in native/handover.c
 * and nowhere else, and test/unit/supervisor/handles.test.ts fails on a Node that changes it. */

/** What a socket is that srt-init sends: a listener by its place in START, or the connection that
 * a DIAL asked for. */
export type Parcel = { listener: number } | { dial: number };

/** Calls `arrived` for each socket. The handle is what net's listen, dgram's bind and net.Socket
 * take. */
export function onHandles(
  child: ChildProcess,
  arrived: (parcel: Parcel, handle: unknown) => void,
): void {
  child.on('message', (message, handle) => {
    if (handle) arrived(message as Parcel, handle);
  });
}
