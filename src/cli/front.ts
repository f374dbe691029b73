import { writeSync } from 'node:fs';
import { SrtError } from '../errors.ts';
import type { Environment } from '../host/facts.ts';
import { environmentIn } from '../host/own-process.ts';
import type { SandboxOptions } from '../sandbox.ts';

/** What the front gives the Node that it starts (native/front/front.h). */
export interface Front {
  prestarted: NonNullable<SandboxOptions['prestarted']>;
  /** All of them. */
  descriptors: readonly number[];
  /** The caller's, of which this process has a part. */
  environment: Environment;
  /** Has srt end with that exit status, and this process at once: Node's own way to its end takes longer
   * than many a command. */
  end(status: number): never;
}

const CERTIFICATES = 'NODE_EXTRA_CA_CERTS';

/* native/front-words.h */
const READY = 'r'.charCodeAt(0);
const ENDED = 'e'.charCodeAt(0);
const ALONE = 'a'.charCodeAt(0);

/** Takes the descriptors off `argv` if dist/start.cjs is what runs, which the front alone starts: a variable
 * could be anybody's. Null when it is not. */
export function takeFront(argv: string[]): Front | null {
  if (!argv[1]?.endsWith('/start.cjs')) return null;
  const [numbers = ''] = argv.splice(2, 1);
  if (!/^\d+(,\d+){4}$/.test(numbers))
    throw new SrtError('SRT_USAGE', 'start.cjs is started by the program srt', {
      hint: 'run srt itself',
    });
  const [control, ipc, start, words, environment] = numbers.split(',').map(Number) as Descriptors;
  const given = environmentIn(environment);
  /* Of what the front left out, the one that says something about srt's own connections. */
  const certificates = given
    .get(CERTIFICATES)
    ?.toString()
    .slice(CERTIFICATES.length + 1);
  if (certificates) process.env[CERTIFICATES] = certificates;
  const say = (...word: number[]) => {
    try {
      writeSync(words, Buffer.from(word));
    } catch {
      /* The front was killed, and who listened to srt with it. */
    }
  };
  const endWith = (...word: number[]): never => {
    say(...word);
    process.kill(process.pid, 'SIGKILL');
    throw new Error('this process lives on');
  };
  return {
    descriptors: [control, ipc, start, words, environment],
    prestarted: { control, ipc, start, ready: () => say(READY), startAlone: () => endWith(ALONE) },
    environment: given,
    end: (status) => endWith(ENDED, status),
  };
}

type Descriptors = [
  control: number,
  ipc: number,
  start: number,
  words: number,
  environment: number,
];
