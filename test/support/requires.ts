/* A test that cannot run on this machine must not look like one that passed: it is listed as
 * skipped with what it needs, and where SRT_REQUIRE=1 promises a complete machine it fails.
 * SRT_REQUIRE=unprivileged promises all but root. */

type TestBody = (...row: never[]) => unknown;
type Each = (table: readonly unknown[]) => (name: string, body: TestBody) => void;

/** The part of jest's `test` that a conditional test uses. */
export interface ConditionalTest {
  (name: string, body: TestBody): void;
  each: Each;
}

/** `test` when `met`, else a test that is skipped and says that it needs `what`. */
export function requires(what: string, met: boolean): ConditionalTest {
  if (met) return test as unknown as ConditionalTest;
  const named = (name: string) => `${name} [needs ${what}]`;
  const promise = process.env.SRT_REQUIRE;
  const promised = promise === '1' || (promise === 'unprivileged' && !/\broot\b/.test(what));
  const give = promised ? fail : test.skip;
  const conditional = (name: string, body: TestBody) => give(named(name), body as () => void);
  return Object.assign(conditional, { each: eachOf(conditional) });

  function fail(name: string): void {
    test(name, () => {
      throw new Error(`this test needs ${what}, and SRT_REQUIRE forbids skipping it`);
    });
  }
}

/** One line for each row, with the row in front: what was skipped can be read in the output. */
function eachOf(conditional: (name: string, body: TestBody) => void): Each {
  return (table) => (name, body) => {
    for (const row of table) conditional(`${JSON.stringify(row)}: ${name}`, body);
  };
}

export const isRoot = process.getuid?.() === 0;
export const isX64 = process.arch === 'x64';
