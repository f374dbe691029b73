import { createReadStream, fstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { SrtError } from '../errors.ts';

/** What is longer is no settings. */
const MAX_LINE = 1024 * 1024;

/** Looks whether a descriptor can be read for settings, and is none of srt's `own`. Throws SRT_USAGE. */
export function checkControlFd(fd: number, own: readonly number[]): void {
  const fail = (problem: string) => new SrtError('SRT_USAGE', `--control-fd ${fd}: ${problem}`);
  let stat: ReturnType<typeof fstatSync>;
  if (own.includes(fd)) throw fail('no such descriptor was inherited');
  try {
    stat = fstatSync(fd);
  } catch {
    throw fail('no such descriptor was inherited');
  }
  if (!stat.isFIFO() && !stat.isSocket() && !stat.isFile() && !isEmptyDevice(stat, fd))
    throw fail('is not a pipe, a socket or a file');
  if (stat.isFIFO() && hasBothEnds(fd)) throw fail('no such descriptor was inherited');
}

/** Node has pipes to itself. Without a procfs they cannot be told. */
function hasBothEnds(fd: number): boolean {
  const links = new Map<string, string>();
  try {
    for (const name of readdirSync('/proc/self/fd')) links.set(name, linkOf(name));
  } catch {}
  const own = links.get(String(fd));
  /* Whoever started srt may have left it another copy of the same end. */
  const isOther = (name: string) => accessOf(name) !== accessOf(String(fd));
  return [...links].some(([name, link]) => Number(name) > 2 && link === own && isOther(name));
}

/** The last digit of the flags (open(2), O_ACCMODE). */
function accessOf(name: string): string | undefined {
  try {
    return /^flags:\s*\d*([0-3])$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function linkOf(name: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${name}`);
  } catch {
    return ''; // the one that the folder was read by
  }
}

/* As /dev/null; reading a terminal here would take the command's input. */
function isEmptyDevice(stat: ReturnType<typeof fstatSync>, fd: number): boolean {
  return stat.isCharacterDevice() && !isatty(fd);
}

/** Reads lines until the end, which changes nothing. Does not keep the process alive. */
export function readControlFd(fd: number, listener: LineListener): void {
  const stat = fstatSync(fd);
  const stream: Readable =
    stat.isFIFO() || stat.isSocket()
      ? new Socket({ fd, readable: true, writable: false }).unref()
      : createReadStream('', { fd });
  const lines = splitLines(listener);
  stream.on('data', (chunk: Buffer) => lines.push(chunk));
  stream.on('end', () => lines.end());
  stream.on('error', (error: Error) =>
    listener.failed(`cannot be read any more: ${error.message}`),
  );
}

export interface LineListener {
  /** A line that is not blank; the first has the number 1. */
  line(text: string, number: number): void;
  failed(problem: string): void;
}

/** Cuts chunks into lines, whatever their borders, and holds no more than one line. */
export function splitLines({ line, failed }: LineListener, limit = MAX_LINE) {
  let held: Buffer[] = [];
  let size = 0;
  let number = 1;

  const hold = (bytes: Buffer) => {
    size += bytes.length;
    if (size <= limit) held.push(bytes);
    else held = [];
  };

  const finish = () => {
    const bytes = Buffer.concat(held);
    if (size > limit) failed(`line ${number} is longer than ${limit} bytes`);
    else take(bytes);
    held = [];
    size = 0;
    number += 1;
  };

  const take = (bytes: Buffer) => {
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      failed(`line ${number} is not UTF-8 text`);
      return;
    }
    if (text.trim() !== '') line(text, number);
  };

  return {
    push(chunk: Buffer): void {
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        hold(chunk.subarray(start, end));
        finish();
        start = end + 1;
      }
      hold(chunk.subarray(start));
    },
    /** A last line without its end counts: what was cut short is not valid. */
    end(): void {
      if (size > 0) finish();
    },
  };
}
