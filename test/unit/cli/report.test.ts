import { createReport } from '../../../src/cli/report.ts';
import type { SandboxEvent } from '../../../src/events.ts';

const event = (path: string, pid = 7): SandboxEvent => ({
  ...{ type: 'handed-over', operation: 'create', path, by: 'builds', reason: 'make runs it' },
  process: { pid, command: 'sh' },
});
const line = (path: string, pid = 7) =>
  `srt: handed over "${path}" by sh (${pid}): builds, make runs it\n`;

function rendered(events: readonly SandboxEvent[], exists = (_: string) => true): string {
  const report = createReport(exists);
  for (const one of events) report.sink(one);
  return report.render();
}

test('nothing is no line', () => {
  expect(rendered([])).toBe('');
  expect(rendered([{ type: 'notice', message: 'x' }])).toBe('');
});

test('what is there is a line each, in order, by who was last', () => {
  const told = [event('/b'), event('/a'), event('/gone'), event('/b', 8)];
  expect(rendered(told, (path) => path !== '/gone')).toBe(`${line('/a')}${line('/b', 8)}`);
});

test('a name cannot forge a line', () => {
  expect(rendered([event('/a\nsrt: x\u001b[2J"')])).toBe(line('/a\\nsrt: x\\u001b[2J\\"'));
});

test('the rest is a number', () => {
  const paths = Array.from({ length: 103 }, (_, at) => `/${1000 + at}`);
  const lines = rendered([
    ...paths.map((path) => event(path)),
    { type: 'handed-over-more', times: 4 },
  ]);
  expect(lines.split('\n').slice(99)).toEqual([
    line('/1099').trim(),
    'srt: handed over 3 more',
    'srt: handed over by 4 changes more, of which nothing was kept',
    '',
  ]);
});

/* Asked of the machine: what is not surely gone stays. */
test.each([
  [__filename, true],
  [`${__filename}/x`, false],
  [`${__dirname}/none`, false],
  [`${__dirname}/\ufffd`, true],
  [`/${'x/'.repeat(3000)}`, true],
])('%.80s is told: %s', (path, told) => {
  const report = createReport();
  report.sink(event(path));
  expect(report.render() !== '').toBe(told);
});
