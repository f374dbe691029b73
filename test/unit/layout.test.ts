import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Temporary, temporary } from './temporary.ts';

const root = join(__dirname, '..', '..');

function check(...args: string[]): { status: number | null; violations: string[] } {
  const script = join(root, 'scripts', 'check-layout.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { status, violations: stderr.split('\n').filter((line) => line !== '') };
}

test('the sources keep their layout', () => {
  expect(check()).toEqual({ status: 0, violations: [] });
});

describe('the check itself', () => {
  let dir: Temporary;
  beforeEach(() => {
    dir = temporary();
    dir.file('src/errors.ts', 'export class SrtError extends Error {}\n');
  });
  afterEach(() => dir.remove());

  /** Writes one source and returns what the check says about it. */
  function judge(file: string, text: string): string[] {
    dir.file(file, text);
    const { status, violations } = check(dir.path);
    expect(status).toBe(violations.length > 0 ? 1 : 0);
    return violations;
  }

  test.each([
    ['src/policy/a.ts', "import { SrtError } from '../errors.ts';"],
    ['src/policy/a.ts', "import { b } from './b.ts';"],
    ['src/policy/a.ts', "import { isIPv4 } from 'node:net';"],
    ['src/policy/a.ts', "// import { x } from '../cli/x.ts';"],
    ['src/policy/a.ts', "const text = 'import x from cli';"],
    ['src/supervisor/a.ts', "import type { Facts } from '../host/facts.ts';"],
    ['src/supervisor/a.ts', "import { type A, type B } from '../host/facts.ts';"],
    ['src/supervisor/a.ts', "import {\n  type A,\n  type B,\n} from '../host/facts.ts';"],
    ['src/supervisor/a.ts', "import { spawn } from 'node:child_process';"],
    ['src/host/bubblewrap.ts', "import { execFileSync } from 'node:child_process';"],
    ['src/network/a.ts', "import type { ChildProcess } from 'node:child_process';"],
    ['src/cli/args.ts', "import parser from 'yargs-parser';"],
    ['src/cli/help.ts', "import yargs from 'yargs';"],
    ['src/cli/a.ts', "import type { Policy } from '../policy/policy.ts';"],
    ['src/cli/a.ts', "type A = typeof import('../compile/a.ts');"],
    ['src/cli/main.ts', "import p from '../../package.json' with { type: 'json' };"],
    ['src/compile/seatbelt/a.ts', "import a from '../../../profiles/seatbelt/a.sb';"],
    ['src/settings/a.ts', "import { parseTree } from 'jsonc-parser';"],
    ['src/sandbox.ts', "import { a } from './supervisor/a.ts';"],
    ['src/index.ts', "export { a } from './sandbox.ts';"],
  ])('%s: %s is fine', (file, text) => {
    expect(judge(file, text)).toEqual([]);
  });

  test.each([
    ['src/policy/a.ts', "import { x } from '../host/x.ts';", 'policy may not import host'],
    ['src/policy/a.ts', "import type { X } from '../host/x.ts';", 'policy may not import host'],
    ['src/policy/a.ts', "import '../host/x.ts';", 'policy may not import host'],
    [
      'src/policy/a.ts',
      "import {\n  x,\n  y,\n} from '../host/x.ts';",
      'policy may not import host',
    ],
    ['src/policy/a.ts', "export { x } from '../host/x.ts';", 'policy may not import host'],
    ['src/policy/a.ts', "export * from '../host/x.ts';", 'policy may not import host'],
    ['src/policy/a.ts', "const x = await import('../host/x.ts');", 'policy may not import host'],
    ['src/policy/a.ts', "import * as x from '../events.ts';", 'policy may not import events'],
    ['src/policy/deep/a.ts', "import { x } from '../../host/x.ts';", 'policy may not import host'],
    ['src/errors.ts', "import { x } from './policy/x.ts';", 'errors may not import policy'],
    ['src/events.ts', "import { x } from './host/x.ts';", 'events may not import host'],
    ['src/settings/a.ts', "import { x } from '../host/x.ts';", 'settings may not import host'],
    [
      'src/compile/a.ts',
      "import { x } from '../settings/x.ts';",
      'compile may not import settings',
    ],
    ['src/network/a.ts', "import { x } from '../host/x.ts';", 'network may not import host'],
    ['src/supervisor/a.ts', "import { x } from '../host/x.ts';", 'may only take types of host'],
    [
      'src/supervisor/a.ts',
      "import { type A, b } from '../host/x.ts';",
      'supervisor may only take types of host',
    ],
    ['src/supervisor/a.ts', "import { x } from '../network/x.ts';", 'may not import network'],
    ['src/cli/a.ts', "import { x } from '../policy/x.ts';", 'may only take types of policy'],
    ['src/cli/a.ts', "import { x } from '../compile/x.ts';", 'may only take types of compile'],
    ['src/cli/a.ts', "import { x } from '../supervisor/x.ts';", 'may not import supervisor'],
    ['src/sandbox.ts', "import { x } from './cli/x.ts';", 'sandbox may not import cli'],
    ['src/index.ts', "export { x } from './cli/x.ts';", 'index may not import cli'],
    ['src/policy/a.ts', "import { x } from '../../test/x.ts';", 'imports ../test/x.ts, outside of'],
    ['src/policy/a.ts', "import a from '../../profiles/seatbelt/a.sb';", 'a.sb, outside of src'],
    ['src/utils/a.ts', 'export {};', 'src/utils has no row in the table'],
    ['src/helpers.ts', 'export {};', 'src/helpers has no row in the table'],
    [
      'src/cli/run.ts',
      "import yargs from 'yargs/yargs';",
      'which only cli/args.ts, cli/help.ts may',
    ],
    ['src/cli/run.ts', "import p from 'yargs-parser';", 'which only cli/args.ts, cli/help.ts may'],
    ['src/policy/a.ts', "import Ajv from 'ajv';", 'imports ajv, which only settings/ may'],
    ['src/policy/a.ts', "import { x } from 'jsonc-parser';", 'which only settings/ may'],
    [
      'src/host/probe.ts',
      "import { spawn } from 'node:child_process';",
      'imports node:child_process, which only supervisor/, host/bubblewrap.ts, host/npm-client.ts, host/mac/user-temporary.ts may',
    ],
    ['src/cli/a.ts', "import { exec } from 'child_process';", 'which only supervisor/'],
  ])('%s: %j is a violation', (file, text, expected) => {
    const violations = judge(file, `${text}\n`);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(expected);
    expect(violations[0]).toContain(file.replace(/\/[^/]*$/, ''));
  });

  test.each([
    ['src/policy/a.ts', 251],
    ['native/a.c', 251],
    ['native/a.h', 300],
    ['scripts/a.mjs', 300],
  ])('%s with %i lines is a violation, with 250 it is not', (file, lines) => {
    expect(judge(file, '//\n'.repeat(250))).toEqual([]);
    expect(judge(file, '//\n'.repeat(lines))).toEqual([
      `${file} has ${lines} lines, more than 250`,
    ]);
  });

  test('a circle is shown from its first file', () => {
    dir.file('src/policy/b.ts', "import { c } from './c.ts';\n");
    dir.file('src/policy/c.ts', "import type { A } from './a.ts';\n");
    expect(judge('src/policy/a.ts', "import { b } from './b.ts';\n")).toEqual([
      'a circle of imports: policy/a.ts -> policy/b.ts -> policy/c.ts -> policy/a.ts',
    ]);
  });

  test('a file that imports itself is a circle', () => {
    expect(judge('src/policy/a.ts', "import { a } from './a.ts';\n")).toEqual([
      'a circle of imports: policy/a.ts -> policy/a.ts',
    ]);
  });

  test('all violations are shown at once', () => {
    dir.file('src/policy/b.ts', "import { x } from '../host/x.ts';\nimport Ajv from 'ajv';\n");
    dir.file('native/a.c', '//\n'.repeat(251));
    expect(judge('src/cli/a.ts', "import { x } from '../policy/x.ts';\n")).toHaveLength(4);
  });
});
