/** Objects of `log stream --style ndjson`, out of chunks with any borders: lines that were cut or put
 * together lose what was cut and nothing else. Pure but for its state. */

/** An entry has about 1,500 bytes; a path at most 1,024 more, each of which may be escaped. */
const MAX_LINE = 64 * 1024;

/** A line is one object. One that was joined has few more, and looking for them must end. */
const MAX_STARTS = 16;

/** What a line says that has no object in it: a heading, or why there is no log. */
export type LogItem = { entry: Readonly<Record<string, unknown>> } | { text: string };

export async function* logItems(chunks: AsyncIterable<Buffer>): AsyncGenerator<LogItem> {
  for await (const line of linesOf(chunks)) {
    const entries = [...objectsIn(line)];
    for (const entry of entries) yield { entry };
    if (entries.length === 0 && !line.includes('{"') && line.trim() !== '') yield { text: line };
  }
}

/** Holds no more than one line; what is longer is dropped to its end. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let held: Buffer = Buffer.alloc(0);
  let isDropping = false;
  for await (const chunk of chunks) {
    let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      if (!isDropping) yield rest.toString('utf8', 0, end);
      isDropping = false;
      rest = rest.subarray(end + 1);
    }
    isDropping ||= rest.length > MAX_LINE;
    held = isDropping ? Buffer.alloc(0) : rest;
  }
  if (!isDropping) yield held.toString('utf8');
}

function* objectsIn(line: string): Generator<Readonly<Record<string, unknown>>> {
  let start = line.indexOf('{"');
  for (let starts = 0; start !== -1 && starts < MAX_STARTS; starts++) {
    const end = endOfObject(line, start);
    const object = end === -1 ? null : parse(line.slice(start, end));
    if (object) yield object;
    start = line.indexOf('{"', object ? end : start + 1);
  }
}

/** Behind the brace that closes the one at `start`, or -1. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return -1;
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
