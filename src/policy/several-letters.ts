/** Characters that file systems which ignore case take for several letters of ASCII together
 * (Unicode, CaseFolding.txt, status F). native/files/fold.c has the same. */
const SEVERAL: Readonly<Record<string, string>> = {
  ...{ '\u00df': 'ss', '\u1e9e': 'ss', '\ufb00': 'ff', '\ufb01': 'fi', '\ufb02': 'fl' },
  ...{ '\ufb03': 'ffi', '\ufb04': 'ffl', '\ufb05': 'st', '\ufb06': 'st' },
};

const ANY_OF_THEM = /[\u00df\u1e9e\ufb00-\ufb06]/;

/** Whether spellOut would change the text. */
export function hasJoinedLetters(text: string): boolean {
  return ANY_OF_THEM.test(text);
}

/** Such a text with the letters in the place of the characters that stand for them. */
export function spellOut(text: string): string {
  if (!hasJoinedLetters(text)) return text;
  return [...text].map((character) => SEVERAL[character] ?? character).join('');
}
