/** A name as file systems that ignore case compare it, as far as it can be meant by an ASCII name:
 * native/files/fold.c does the same. */
export function foldName(name: string): string {
  return name
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
