import type { ChildProcess } from 'node:child_process';

/* Node can be handed a socket by a child that is not Node: srt-init sends the one JSON line that
 * Node's own children send, {"cmd":"NODE_HANDLE","type":"net.Native","msg":{}}, with the
 * descriptor as SCM_RIGHTS, and Node answers {"cmd":"NODE_HANDLE_ACK"} by itself. The handle then
 * arrives as the second argument of 'message'. This is Node's internal protocol
 * (lib/internal/child_process.js), the same since Node 6; it is used here, in native/handover.c
 * and nowhere else, and test/unit/supervisor/listeners.test.ts fails on a Node that changes it. */

/** Calls `arrived` for each listener in the order in which srt-init sends them. */
export function onListeners(child: ChildProcess, arrived: (handle: unknown) => void): void {
  child.on('message', (_message, handle) => {
    if (handle) arrived(handle);
  });
}
