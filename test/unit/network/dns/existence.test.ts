import { createExistence, type Existence } from '../../../../src/network/dns/existence.ts';

function given() {
  let time = 0;
  const asked: string[] = [];
  const answers: ((existence: Existence | Error) => void)[] = [];
  const exists = createExistence(
    (name) => {
      asked.push(name);
      return new Promise((resolve, reject) => {
        answers.push((given) => (given instanceof Error ? reject(given) : resolve(given)));
      });
    },
    () => time,
  );
  /** Asks and gives the one answer. */
  const ask = (name: string, existence: Existence) => {
    const answer = exists(name);
    answers.shift()?.(existence);
    return answer;
  };
  const wait = (milliseconds: number) => {
    time += milliseconds;
  };
  return { exists, ask, asked, answers, wait };
}

test('equal questions at the same time share one resolution', async () => {
  const { exists, asked, answers } = given();
  const both = [exists('a.example'), exists('a.example'), exists('b.example')];
  expect(asked).toEqual(['a.example', 'b.example']);
  answers[0]?.('missing');
  answers[1]?.('found');
  expect(await Promise.all(both)).toEqual(['missing', 'missing', 'found']);
});

test.each<[Existence, number]>([
  ['found', 1],
  ['missing', 2],
  ['failed', 2],
])('%s: the next question makes %i in all', async (existence, times) => {
  const { ask, asked } = given();
  await ask('a.example', existence);
  await ask('a.example', existence);
  expect(asked).toHaveLength(times);
});

test('what was found is asked anew after five seconds', async () => {
  const { ask, asked, wait } = given();
  await ask('a.example', 'found');
  wait(4999);
  await ask('a.example', 'found');
  expect(asked).toHaveLength(1);
  wait(1);
  expect(await ask('a.example', 'missing')).toBe('missing');
  expect(asked).toHaveLength(2);
});

test('a rejection is a failure, and the next question is asked', async () => {
  const { exists, answers, asked } = given();
  const first = exists('a.example');
  answers.shift()?.(new Error('EAI_AGAIN'));
  expect(await first).toBe('failed');
  exists('a.example');
  expect(asked).toHaveLength(2);
});

test('a resolver that throws is a failure, and the next question is asked', async () => {
  let broken = true;
  const exists = createExistence(() => {
    if (broken) throw new Error('no resolver');
    return Promise.resolve('found');
  });
  expect(await exists('a.example')).toBe('failed');
  broken = false;
  expect(await exists('a.example')).toBe('found');
});

test('a flood of names waits for 64 at a time, the rest fails at once', async () => {
  const { exists, asked, answers } = given();
  const all = Array.from({ length: 100 }, (_, i) => exists(`${i}.example`));
  expect(asked).toHaveLength(64);
  expect(await Promise.all(all.slice(64))).toEqual(new Array(36).fill('failed'));
  answers[0]?.('found');
  expect(await all[0]).toBe('found');
  exists('another.example');
  expect(asked).toHaveLength(65);
});

test('of 100,000 names that were found the last 1,024 are kept', async () => {
  const { ask, asked } = given();
  const count = 100_000;
  for (let i = 0; i < count; i++) await ask(`${i}.example`, 'found');
  await ask(`${count - 1024}.example`, 'found');
  expect(asked).toHaveLength(count);
  await ask(`${count - 1025}.example`, 'found');
  expect(asked).toHaveLength(count + 1);
});
