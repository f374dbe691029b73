import type { Socket } from 'node:net';
import { REUSED_BUFFER, REUSED_BUFFERS, REUSED_FROM } from '../limits.ts';
import { readInto } from './reused-buffer.ts';

/** How many directions have a buffer of their own now, in all tunnels of this process. */
let reused = 0;

/** Passes on all that comes from one socket to another, and its end; reads no faster than the
 * other takes it. */
export function pour(from: Socket, to: Socket): void {
  let carried = 0;
  const resume = () => from.resume();
  const onData = (chunk: Buffer) => {
    if (!to.write(chunk)) {
      from.pause();
      to.once('drain', resume);
      return;
    }
    carried += chunk.length;
    if (carried >= REUSED_FROM && reuse(from, to)) from.off('data', onData);
  };
  from.on('data', onData);
  if (from.readableEnded) to.end();
  else from.on('end', () => to.end());
  if (to.writableNeedDrain) to.once('drain', resume);
  else from.resume();
}

/** Most connections carry little, so a buffer of its own is for those that have carried much. */
function reuse(from: Socket, to: Socket): boolean {
  if (reused >= REUSED_BUFFERS) return false;
  const buffer = Buffer.allocUnsafeSlow(REUSED_BUFFER);
  /* A write that the kernel did not take at once still needs the buffer. */
  const onWritten = () => {
    if (to.writableLength === 0) from.resume();
  };
  const onRead = (length: number) => {
    to.write(buffer.subarray(0, length), onWritten);
    return to.writableLength === 0;
  };
  if (!readInto(from, buffer, onRead)) return false;
  reused++;
  from.once('close', () => reused--);
  return true;
}
