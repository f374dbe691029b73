import { constants } from 'node:os';
import type { ConnectArrival, ConnectRequest, Inside } from '../boundary.ts';
import { decodeFrames, encodeDial, encodeSignal, encodeVerdict } from './frames.ts';
import type { InitMessage, ReportedChange } from './init-messages.ts';
import type { Channel, LaunchedSandbox } from './launched.ts';

/** What comes from a sandbox while its command runs. */
export interface Outside {
  /** The command was executed. `mediation` is the errno why connects are not mediated, or 0; `files`
   * that why changes of files are not decided by name; `sockets` whether it can have Unix sockets. */
  started(inside: Inside, mediation: number, files: number, sockets: boolean): void;
  /** A socket that listens inside, by its place in the plan, when something arrives at it. */
  listener(place: number, handle: unknown): void;
  /** Answers with an errno for the process that wants to connect, or 0. */
  connect(request: ConnectRequest): Promise<number>;
  connecting(arrival: ConnectArrival): void;
  /** A change of a file was refused; null for some of which nothing else is known. */
  refused(times: number, change: ReportedChange | null): void;
  /** The same of one that was made, and that others may execute what it made. */
  handedOver(times: number, change: ReportedChange | null): void;
}

/** srt's end of the conversation with srt-init. */
export interface Control {
  signal(number: number): void;
  /** The last that was said of the command's life. */
  last(): LifeMessage | null;
  /** Resolves when the command is over or could not start, and no change of its is told any more. */
  over: Promise<null>;
  /** What bubblewrap printed before it gave up. */
  complaints(): string;
}

export type LifeMessage = Exclude<
  InitMessage,
  {
    type:
      | 'connect'
      | 'connecting'
      | 'sockets'
      | 'dialled'
      | `${'refused' | 'handed-over'}${'' | '-more'}`;
  }
>;

/* More than bubblewrap ever says before it gives up. */
const MAX_COMPLAINTS = 8192;

interface Dial {
  resolve(handle: unknown): void;
  reject(errno: number): void;
}

export function openControl(
  { channel, sockets }: Pick<LaunchedSandbox, 'channel' | 'sockets'>,
  outside: Outside,
): Control {
  let complaints = '';
  let last: LifeMessage | null = null;
  const dials = new Map<number, Dial>();
  let dialled = 0;
  let end = () => {};
  const over = new Promise<null>((resolve) => {
    end = () => resolve(null);
  });

  let isOver = false;
  const send = (frame: Buffer) => channel.write(frame);
  const dial: Inside['dial'] = (port) =>
    new Promise((resolve, reject) => {
      dials.set(++dialled, { resolve, reject });
      sockets.expect();
      send(encodeDial(dialled, port));
    });
  const settle = (id: number, end: (dial: Dial) => void) => {
    const dial = dials.get(id);
    dials.delete(id);
    if (dial) end(dial);
  };
  const take = (message: InitMessage) => {
    if (message.type === 'connect')
      outside.connect(message).then(
        (errno) => send(encodeVerdict(message.id, errno)),
        /* What could not be decided is refused, and nobody waits for ever. */
        () => send(encodeVerdict(message.id, constants.errno.EACCES)),
      );
    else if (message.type === 'connecting') outside.connecting(message);
    else if (message.type === 'refused') outside.refused(message.times, message);
    else if (message.type === 'refused-more') outside.refused(message.times, null);
    else if (message.type === 'handed-over') outside.handedOver(message.times, message);
    else if (message.type === 'handed-over-more') outside.handedOver(message.times, null);
    else if (message.type === 'sockets') sockets.expect();
    else if (message.type === 'dialled') settle(message.id, ({ reject }) => reject(message.errno));
    else {
      last = message;
      if (message.type !== 'started') {
        /* srt-init waits for that (native/leave.h). */
        channel.destroy();
        isOver = true;
        end();
      } else
        outside.started(
          { dial, ipv6: message.ipv6 },
          message.mediation,
          message.files,
          message.sockets,
        );
    }
  };

  sockets.onArrival((parcel, handle) => {
    if ('dial' in parcel) settle(parcel.dial, ({ resolve }) => resolve(handle));
    else outside.listener(parcel.listener, handle);
  });
  onFrames(channel, (messages, text) => {
    if (complaints.length < MAX_COMPLAINTS) complaints += text;
    for (const message of messages) if (!isOver) take(message);
    return !isOver;
  });
  return {
    signal: (number) => send(encodeSignal(number)),
    last: () => last,
    over,
    complaints: () => complaints,
  };
}

function onFrames(
  channel: Channel,
  handle: (messages: readonly InitMessage[], text: string) => boolean,
): void {
  let held: Buffer = Buffer.alloc(0);
  channel.read((chunk) => {
    try {
      const whole = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const { messages, text, rest } = decodeFrames(whole);
      held = rest;
      return handle(messages, text);
    } catch {
      /* Without its control channel srt-init ends the sandbox. */
      channel.destroy();
      return false;
    }
  });
}
