/* What is read of the system's log. The entries are made after public reports: see the fixtures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxEvent } from '../../../../src/events.ts';
import { readDenial } from '../../../../src/supervisor/seatbelt/denial.ts';
import { logItems } from '../../../../src/supervisor/seatbelt/log-lines.ts';
import { reportDenials } from '../../../../src/supervisor/seatbelt/report-denials.ts';
import { seeded } from '../../../support/seeded.ts';

const TAG = 'srt-0123456789abcdef01234567';
const FOLDER = join(__dirname, '../../../fixtures/seatbelt-log');
const DENIALS = readFileSync(join(FOLDER, 'denials.ndjson'));
const OTHERS = readFileSync(join(FOLDER, 'not-of-this-run.ndjson'));

async function* chunksOf(...chunks: Buffer[]) {
  yield* chunks;
}

const RUN = { tag: TAG, ruleOf: () => null };

async function eventsOf(...chunks: Buffer[]): Promise<SandboxEvent[]> {
  const events: SandboxEvent[] = [];
  await reportDenials(chunksOf(...chunks), RUN, (event) => events.push(event));
  return events;
}

const denied = (operation: string, target: string, command?: string, pid?: number) => ({
  ...{ type: 'violation', operation, target },
  ...(pid === undefined ? {} : { process: { pid, command } }),
});

const EXPECTED = [
  denied('file-read-data', '/Users/me/.ssh/id_ed25519', 'cat', 4242),
  denied('network-outbound', '192.0.2.1:443', 'node', 4243),
  denied('mach-lookup', 'com.apple.coreservices.launchservicesd', 'open', 4250),
  denied('file-write-create', '/Users/me/project/a "b" (c) {"d"}\\e', 'Some Tool (Helper)', 4251),
  denied('process-exec*', '/usr/bin/osascript'),
  denied('appleevent-send', '', 'bash', 4260),
  denied('file-write-create', '/Users/me/project/line\nbreak é 😀', 'touch', 4261),
];

test('each denial is told once', async () => {
  expect(await eventsOf(DENIALS)).toEqual(EXPECTED);
});

test('the rule is told where the plan knows one', async () => {
  const events: SandboxEvent[] = [];
  const ruleOf = (operation: string, path: string) =>
    path.endsWith('id_ed25519') ? { rule: operation, because: 'it is there' } : null;
  await reportDenials(chunksOf(DENIALS), { tag: TAG, ruleOf }, (event) => events.push(event));
  const [first, ...others] = EXPECTED;
  expect(events).toEqual([{ ...first, rule: 'file-read-data', because: 'it is there' }, ...others]);
});

test('what is not of this run, and what is no denial, is not', async () => {
  expect(await eventsOf(OTHERS)).toEqual([]);
  expect(await eventsOf(OTHERS, DENIALS, OTHERS)).toEqual(EXPECTED);
});

test.each([1, 7, 64, 1000])('in pieces of %i bytes', async (size) => {
  const pieces = Array.from({ length: Math.ceil(DENIALS.length / size) }, (_, at) =>
    DENIALS.subarray(at * size, (at + 1) * size),
  );
  expect(await eventsOf(...pieces)).toEqual(EXPECTED);
});

const lines = DENIALS.toString().split('\n').slice(1, -1);
const text = (...parts: string[]) => Buffer.from(parts.join(''));

describe('a damaged log', () => {
  const [first = '', , third = ''] = lines;
  const both = [EXPECTED[0], EXPECTED[1]];

  test.each<[string, Buffer, unknown[]]>([
    ['two entries on one line', text(first, third, '\n'), both],
    ['with something between them', text(first, ' , ', third, '\n'), both],
    ['no end of the last line', text(first, '\n', third), both],
    ['one that is cut, in front of another', text(first.slice(0, 90), third, '\n'), [both[1]]],
    ['one that is cut at its start', text(first.slice(300), '\n', third, '\n'), [both[1]]],
    [
      'one that is cut in a line of its own',
      text(first.slice(0, 90), '\n', third, '\n'),
      [both[1]],
    ],
    ['many that are cut', text(...lines.map((line) => line.slice(0, 80)), third, '\n'), [both[1]]],
    ['bytes that are no text', Buffer.concat([Buffer.from([255, 0, 10]), text(first)]), [both[0]]],
    ['a line without end', text('{"', 'x'.repeat(200_000), '\n', first, '\n'), [both[0]]],
    ['returns before line breaks', text(first, '\r\n', third, '\r\n'), both],
  ])('%s', async (_what, bytes, expected) => {
    expect(await eventsOf(bytes)).toEqual(expected);
  });

  test('any bytes of it missing never make a denial that was not there', async () => {
    const random = seeded(6);
    const known = new Set(EXPECTED.map((event) => JSON.stringify(event)));
    for (let round = 0; round < 300; round++) {
      const from = random(DENIALS.length);
      const rest = DENIALS.subarray(from + random(500));
      const events = await eventsOf(DENIALS.subarray(0, from), rest);
      expect(events.length).toBeGreaterThanOrEqual(EXPECTED.length - 3);
      /* What is missing in the middle of a path makes another path of it, and no other operation. */
      for (const event of events.filter((one) => !known.has(JSON.stringify(one))))
        expect(event).toMatchObject({ type: 'violation', operation: expect.any(String) });
    }
  });

  test('a line of nothing but starts is done with', async () => {
    const items = [];
    for await (const item of logItems(chunksOf(text('{"'.repeat(30_000), '\n', first, '\n'))))
      items.push(item);
    expect(items).toHaveLength(1);
  });
});

describe('a message', () => {
  test.each([
    ['a line break before the tag', `Sandbox: a(1) deny(1) signal\n${TAG}`, 'signal'],
    ['a space', `Sandbox: a(1) deny(1) signal ${TAG}`, 'signal'],
    ['something behind it', `Sandbox: a(1) deny(1) signal ${TAG}\n`, 'signal'],
    ['another run’s tag', `Sandbox: a(1) deny(1) signal ${TAG}0`, undefined],
    ['the tag in front', `${TAG} Sandbox: a(1) deny(1) signal`, undefined],
    ['no operation', `Sandbox: a(1) deny(1) ${TAG}`, undefined],
    ['no text', 17, undefined],
  ])('%s', (_what, message, operation) => {
    expect(readDenial(message, TAG)?.operation).toBe(operation);
  });

  test('that is made to be slow is read at once', () => {
    const message = `Sandbox: ${'a(1) '.repeat(10_000)}${TAG}`;
    expect(readDenial(message, TAG)).toBeNull();
  });
});

test('a chunk is asked for when the one before it has been told', async () => {
  const order: string[] = [];
  async function* source() {
    for (const line of [lines[0], lines[2], lines[3]]) {
      order.push('asked');
      yield text(line ?? '', '\n');
    }
  }
  await reportDenials(source(), RUN, () => order.push('told'));
  expect(order).toEqual(['asked', 'told', 'asked', 'told', 'asked', 'told']);
});

test('a command that makes denials without end gets a thousand of them, and one line', async () => {
  const flood = Array.from({ length: 3000 }, (_, at) =>
    JSON.stringify({ eventMessage: `Sandbox: a(1) deny(1) file-read-data /${at}\n${TAG}` }),
  );
  const events = await eventsOf(text(flood.join('\n')));
  expect(events).toHaveLength(1001);
  expect(events.at(-1)).toEqual({
    type: 'notice',
    message: 'more than 1000 denials; no more are reported',
  });
});

test('a log that cannot be read says why', async () => {
  expect(await eventsOf(text('log: Cannot run while sandboxed\n'))).toEqual([
    { type: 'notice', message: 'denials are not reported: log: Cannot run while sandboxed' },
  ]);
});
