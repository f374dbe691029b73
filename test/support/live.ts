/* A command that runs on in a sandbox and does what it is told, while its settings change. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { SRT } from './srt.ts';

/* For each line on standard input it asks the gate once, and prints the answer as a line. "hold"
 * opens a tunnel and prints another line when that ends; "write" writes a file. */
const ASKER = `
const net = require('node:net');
const say = (text) => console.log(JSON.stringify(text));
const ask = (to) => {
  const socket = net.connect(Number(new URL(process.env.HTTP_PROXY).port), '127.0.0.1');
  let answer = '';
  socket.on('connect', () => socket.write('CONNECT ' + to + ' HTTP/1.1\\r\\n\\r\\nGET / HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n\\r\\n'));
  socket.on('data', (data) => { answer += data; });
  socket.on('error', () => {});
  socket.on('close', () => say(answer));
};
const hold = (to) => {
  const socket = net.connect(Number(new URL(process.env.HTTP_PROXY).port), '127.0.0.1');
  socket.on('connect', () => socket.write('CONNECT ' + to + ' HTTP/1.1\\r\\n\\r\\n'));
  socket.once('data', (data) => say('held ' + data));
  socket.on('error', () => {});
  socket.on('close', () => say('cut'));
};
const write = (path, text) => {
  try { require('node:fs').writeFileSync(path, text); return 'written'; } catch (error) { return error.code; }
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [verb, to, text] = line.split(' ');
  if (verb === 'write') return say(write(to, text));
  (verb === 'hold' ? hold : ask)(to);
});
say('ready');
`;

export interface Live {
  /** What the gate answers to a CONNECT, and the server behind it. */
  ask(to: string): Promise<string>;
  /** Writes a file inside, without blanks in it: "written" or an errno. */
  write(path: string, text: string): Promise<string>;
  /** What the asker prints next. */
  answer(): Promise<string>;
  send(line: string): void;
  /** Waits until standard error has a line with this in it, and takes all up to there. */
  told(part: string): Promise<string>;
  control: Writable;
  kill(): void;
}

/** Starts the asker in a sandbox, with a pipe at descriptor 3. */
export async function startLive(args: readonly string[], env = process.env): Promise<Live> {
  const words = ['--debug', ...args, '--', process.execPath, '-e', ASKER];
  const running = spawn(SRT, words, { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  const streams = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    running[name]?.on('data', (chunk: Buffer) => {
      streams[name] += chunk.toString('utf8');
      running.emit('printed');
    });
  const line = async (name: 'stdout' | 'stderr', part: string): Promise<string> => {
    for (;;) {
      const at = streams[name].indexOf(part);
      const end = at === -1 ? -1 : streams[name].indexOf('\n', at);
      if (end !== -1) {
        const found = streams[name].slice(0, end);
        streams[name] = streams[name].slice(end + 1);
        return found;
      }
      await once(running, 'printed');
    }
  };
  const answer = async () => JSON.parse(await line('stdout', '"'));
  const send = (text: string) => running.stdin?.write(`${text}\n`);
  await answer();
  return {
    answer,
    send,
    ask: (to) => {
      send(`ask ${to}`);
      return answer();
    },
    write: (path, text) => {
      send(`write ${path} ${text}`);
      return answer();
    },
    told: (part) => line('stderr', part),
    control: running.stdio[3] as Writable,
    kill: () => running.kill('SIGKILL'),
  };
}
