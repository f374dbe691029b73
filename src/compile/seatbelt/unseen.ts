/* Characters that nobody sees and that a volume of macOS may take for nothing, in names that are
 * otherwise of ASCII: ".mcp\u200c.json" can be ".mcp.json" there (HFS+), and no expression for a name
 * has them in all of its places. */

const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;

/* All that are in use below the last plane, where an expression would have to list thousands. */
const CHARACTERS = Array.from({ length: 0x1e000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((character) => UNSEEN.test(character));

const SOME = `(${CHARACTERS.join('|')})+`;

/** Names with a run of them that begins the name or follows ASCII, and ends it or precedes ASCII. */
export const UNSEEN_IN_ASCII = `^(/[^/]+)*/([^/]*[ -.0-~])?${SOME}([ -.0-~][^/]*)?$`;
