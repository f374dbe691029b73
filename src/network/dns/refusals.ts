import type { NameDecision } from '../../policy/network-decision.ts';

/** A name that policy refuses. */
export type NameRefusal = Extract<NameDecision, { allowed: false }>;

const PER_SECOND = 10;
const MAX_REMEMBERED = 1024;

/** Passes each refused name on once: a program asks for A and AAAA, and again on every retry. A
 * flood of names gets ten a second through; of those left out, one that is asked again later has
 * another chance. */
export function createRefusalReport(
  report: (refusal: NameRefusal) => void,
  now: () => number = () => performance.now(),
): (refusal: NameRefusal) => void {
  const reported = new Set<string>();
  let second = Number.NEGATIVE_INFINITY;
  let left = 0;
  return (refusal) => {
    if (reported.has(refusal.host)) return;
    const current = Math.floor(now() / 1000);
    if (current !== second) {
      second = current;
      left = PER_SECOND;
    }
    if (left === 0) return;
    left--;
    if (reported.size >= MAX_REMEMBERED) reported.clear();
    reported.add(refusal.host);
    report(refusal);
  };
}
