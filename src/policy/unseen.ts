/* Characters that nobody sees and that a volume of macOS may take for nothing, in names that are
 * otherwise of ASCII: ".mcp\u200c.json" can be ".mcp.json" there (HFS+), and no expression for a name
 * has them in all of its places. */

const IGNORED = /\p{Default_Ignorable_Code_Point}/u;

/** All below the last planes, of which no volume of macOS ignores any. */
export const UNSEEN: readonly string[] = Array.from({ length: 0x1e000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((character) => IGNORED.test(character));

const AMONG_ASCII = new RegExp(`(^|[ -~])[${UNSEEN.join('')}]+([ -~]|$)`, 'u');

/** Whether a run of them begins the name or follows ASCII, and ends it or precedes ASCII. Emoji have
 * theirs beside characters of their own. */
export function hasUnseen(name: string): boolean {
  return AMONG_ASCII.test(name);
}
