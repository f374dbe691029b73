import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compileNames } from '../../src/compile/names/compile-names.ts';
import type { ChangeRules } from '../../src/policy/change-rules.ts';
import { ROOT } from './srt.ts';

/** Paths, and pairs of places in that list, to be judged by the same rules. */
export interface Question {
  rules: ChangeRules;
  paths: readonly string[];
  pairs?: readonly (readonly [number, number])[];
}

/** What srt-init says: for each path three letters (test/native/judge.c), and whether each pair has
 * the same beneath. */
export interface Answer {
  verdicts: string[];
  same: boolean[];
}

/** Bytes that are no UTF-8 stand in strings as U+DC80 to U+DCFF, one for each. */
export function bytesOf(text: string): Buffer {
  return Buffer.concat(
    [...text].map((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code & 0xff) : Buffer.from(character);
    }),
  );
}

/** Builds the C side with sanitizers, and returns what asks it many questions at once. */
export function buildJudge(): (questions: readonly Question[]) => Answer[] {
  const program = join(ROOT, 'dist/test/judge');
  mkdirSync(join(ROOT, 'dist/test'), { recursive: true });
  const files = ['rules', 'standing', 'tree', 'glob', 'fold'].map(
    (name) => `native/files/${name}.c`,
  );
  const flags = ['-std=c11', '-g', '-O2', '-fsanitize=address,undefined'];
  const own = `${program}.${process.pid}`;
  const sources = ['test/native/judge.c', 'native/cursor.c', ...files];
  execFileSync('cc', [...flags, '-fno-sanitize-recover=all', '-o', own, ...sources], { cwd: ROOT });
  return (questions) => {
    const input = Buffer.concat([u32(questions.length), ...questions.flatMap(encoded)]);
    const lines = execFileSync(own, { input, maxBuffer: 2 ** 30, encoding: 'utf8' }).split('\n');
    return questions.map((_, at) => ({
      verdicts: lines[2 * at]?.match(/.../g) ?? [],
      same: [...(lines[2 * at + 1] ?? '')].map((letter) => letter === '='),
    }));
  };
}

function encoded({ rules, paths, pairs = [] }: Question): Buffer[] {
  const tree = compileNames(rules, null).encoded;
  return [
    ...[u32(tree.length), tree, u32(paths.length)],
    ...paths.map(bytesOf).flatMap((path) => [u32(path.length), path, Buffer.of(0)]),
    ...[u32(pairs.length), ...pairs.flat().map(u32)],
  ];
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
