import type { Socket } from 'node:net';

/** Passes on all that comes from one socket to another, and its end; reads no faster than the
 * other takes it. */
export function pour(from: Socket, to: Socket): void {
  const resume = () => from.resume();
  const onData = (chunk: Buffer) => {
    if (!to.write(chunk)) {
      from.pause();
      to.once('drain', resume);
    }
  };
  from.on('data', onData);
  if (from.readableEnded) to.end();
  else from.on('end', () => to.end());
  if (to.writableNeedDrain) to.once('drain', resume);
  else from.resume();
}
