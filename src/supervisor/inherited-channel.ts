import { closeSync, readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { errnoOf } from '../errors.ts';
import { GO } from './frames.ts';
import type { Channel } from './launched.ts';

/* What comes within a moment of GO is waited for: many a command is over before Node has loaded what it
 * takes to be told. native/front/front.c bounds each wait (SO_RCVTIMEO), and this all of them. */
const AT_ONCE_NS = 10_000_000n;

/* More than srt-init ever sends in one piece. */
const ROOM = 16_384;

/** The control channel of a sandbox by a descriptor of a connected socket, after saying GO. `ended`
 * resolves when the other end is closed and all of it was read. */
export function inheritedChannel(fd: number): { channel: Channel; ended: Promise<null> } {
  let socket: Socket | null = null;
  let gone = false;
  let end = () => {};
  const ended = new Promise<null>((resolve) => {
    end = () => {
      gone = true;
      resolve(null);
    };
  });
  const write = (frame: Buffer) => {
    if (socket) {
      if (socket.writable) socket.write(frame);
      return;
    }
    try {
      if (!gone) writeSync(fd, frame);
    } catch {
      /* EPIPE: what it said before is still to be read. */
    }
  };
  write(GO);
  const readLater = (take: (bytes: Buffer) => boolean) => {
    socket = new Socket({ fd, readable: true, writable: true });
    socket.on('error', () => {});
    socket.on('close', end);
    socket.on('data', take);
  };
  return {
    channel: {
      read(take) {
        /* "performance" is a module that takes a millisecond to load. */
        const until = process.hrtime.bigint() + AT_ONCE_NS;
        while (process.hrtime.bigint() < until) {
          const bytes = readNow(fd);
          if (bytes === 'later') break;
          if (bytes === 'end') return end();
          if (!take(bytes)) return;
        }
        readLater(take);
      },
      write,
      destroy() {
        if (socket) socket.destroy();
        else if (!gone) closeSync(fd);
        end();
      },
    },
    ended,
  };
}

function readNow(fd: number): Buffer | 'later' | 'end' {
  const room = Buffer.allocUnsafe(ROOM);
  try {
    const got = readSync(fd, room);
    return got === 0 ? 'end' : room.subarray(0, got);
  } catch (error) {
    /* A signal is for the event loop to handle. */
    return ['EAGAIN', 'EINTR'].includes(errnoOf(error)) ? 'later' : 'end';
  }
}
