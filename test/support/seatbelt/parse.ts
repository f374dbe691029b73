/* Reads the text of a Seatbelt profile: S-expressions as TinyScheme reads them, and the #"..." of
 * Apple's own in which a backslash is nothing special. Knows nothing of what the forms mean. */

export type Node =
  | { kind: 'list'; items: readonly Node[] }
  | { kind: 'symbol'; name: string }
  | { kind: 'string'; value: string }
  | { kind: 'number'; value: number };

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  /** Every top-level form. */
  forms(): Node[] {
    const found: Node[] = [];
    for (this.skip(); this.at < this.text.length; this.skip()) found.push(this.node());
    return found;
  }

  private fail(problem: string): never {
    const line = this.text.slice(0, this.at).split('\n').length;
    throw new SyntaxError(`line ${line}: ${problem}`);
  }

  /** Over blanks and comments, which go from a semicolon to the end of the line. */
  private skip(): void {
    const blank = /(?:\s|;[^\n]*)*/y;
    blank.lastIndex = this.at;
    this.at += blank.exec(this.text)?.[0].length ?? 0;
  }

  private node(): Node {
    const next = this.text[this.at];
    if (next === '(') return this.list();
    if (next === '"') return { kind: 'string', value: this.escaped() };
    if (this.text.startsWith('#"', this.at)) return { kind: 'string', value: this.raw() };
    if (next === ')') this.fail('a ) that closes nothing');
    return this.atom();
  }

  private list(): Node {
    this.at++;
    const items: Node[] = [];
    for (this.skip(); this.text[this.at] !== ')'; this.skip()) {
      if (this.at >= this.text.length) this.fail('a ( that is never closed');
      items.push(this.node());
    }
    this.at++;
    return { kind: 'list', items };
  }

  private raw(): string {
    const end = this.text.indexOf('"', this.at + 2);
    if (end === -1) this.fail('a string that never ends');
    const value = this.text.slice(this.at + 2, end);
    this.at = end + 1;
    return value;
  }

  private escaped(): string {
    let value = '';
    for (this.at++; ; this.at++) {
      const next = this.text[this.at];
      if (next === undefined) this.fail('a string that never ends');
      if (next === '"') break;
      value += next === '\\' ? this.escape() : next;
    }
    this.at++;
    return value;
  }

  /** What the backslash here stands for; leaves `at` on its last character. */
  private escape(): string {
    this.at++;
    const next = this.text[this.at] ?? this.fail('a string that never ends');
    if (next === 'x' || next === 'X') {
      const digits = /^[0-9a-fA-F]{2}/.exec(this.text.slice(this.at + 1))?.[0];
      if (!digits) this.fail('\\x without two digits');
      this.at += 2;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (/[0-7]/.test(next)) this.fail('an octal escape, which nobody should write');
    return { n: '\n', r: '\r', t: '\t' }[next] ?? next;
  }

  private atom(): Node {
    const token = /[^\s()";]+/y;
    token.lastIndex = this.at;
    const name = token.exec(this.text)?.[0] ?? this.fail('nothing that can be read');
    this.at += name.length;
    const value = Number(name);
    return Number.isNaN(value) ? { kind: 'symbol', name } : { kind: 'number', value };
  }
}

export function parse(text: string): Node[] {
  return new Reader(text).forms();
}
