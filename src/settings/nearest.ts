import { distance } from 'fastest-levenshtein';

/** The known word that was most likely meant, or undefined where none is close. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((word) => ({ word, far: distance(word.toLowerCase(), typed.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= Math.max(2, best.word.length / 2.5) ? best.word : undefined;
}
