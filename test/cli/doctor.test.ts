import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { requires } from '../support/requires.ts';
import { ROOT, run, SRT, srt } from '../support/srt.ts';

const BELOW = buildC(join(ROOT, 'test', 'support', 'with-listener.c'));

interface Report {
  ok: boolean;
  checks: { capability: string; status: string; why: string; fix: string | null }[];
}

function read(stdout: string): { report: Report; status: (capability: string) => string } {
  const report = JSON.parse(stdout) as Report;
  const find = (name: string) => report.checks.find(({ capability }) => capability === name);
  return { report, status: (name) => find(name)?.status ?? 'absent' };
}

const MEDIATED = ['programs without proxies', 'names', 'rules by name'];

test('a machine that runs these tests has all that a sandbox needs', async () => {
  const { code, stdout } = await srt(['doctor', '--json']);
  const { report, status } = read(stdout);
  expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
  expect(report.checks.filter(({ status: is }) => is === 'missing')).toEqual([]);
  expect(MEDIATED.map(status)).toEqual(['ok', 'ok', 'ok']);
});

requires('a C compiler', BELOW !== null)(
  'where somebody else intercepts system calls, it says what is lost, and proxies work',
  async () => {
    const argv = [BELOW ?? '', SRT, 'doctor', '--json'];
    const { code, stdout } = await run(argv);
    const { report, status } = read(stdout);
    expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(['gate', 'system call filter', ...MEDIATED].map(status)).toEqual([
      'ok',
      'ok',
      'warning',
      expect.any(String),
      'warning',
    ]);
    const lost = report.checks.find(({ capability }) => capability === MEDIATED[0]);
    expect(lost?.fix).toMatch(/only programs that read proxy variables have a network/);
    const names = report.checks.find(({ capability }) => capability === 'rules by name');
    expect(names?.why).toMatch(/intercepts system calls already, .*\(EBUSY\)/);
    expect(names?.fix).toMatch(/"names": "mount"/);
  },
);
