import { constants } from 'node:os';
import { forwardSignals } from '../../../src/supervisor/signals.ts';

const { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH } = constants.signals;

test('what is sent to srt is passed on by number, until it is stopped', () => {
  const forwarded: number[] = [];
  const stop = forwardSignals((signal) => forwarded.push(signal));
  const names = [
    'SIGTERM',
    'SIGINT',
    'SIGHUP',
    'SIGQUIT',
    'SIGUSR1',
    'SIGUSR2',
    'SIGWINCH',
  ] as const;
  for (const name of names) process.emit(name, name);
  expect(forwarded).toEqual([SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH]);
  stop();
  expect(names.map((name) => process.listenerCount(name))).toEqual(names.map(() => 0));
});

test('two commands at once are both told', () => {
  const told: string[] = [];
  const first = forwardSignals(() => told.push('first'));
  const second = forwardSignals(() => told.push('second'));
  process.emit('SIGUSR2', 'SIGUSR2');
  first();
  process.emit('SIGUSR2', 'SIGUSR2');
  second();
  expect(told).toEqual(['first', 'second', 'second']);
});
