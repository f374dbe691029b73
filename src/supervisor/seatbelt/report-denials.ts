import type { SeatbeltPlan } from '../../compile/seatbelt/plan.ts';
import type { EventSink } from '../../events.ts';
import { readDenial } from './denial.ts';
import { logItems } from './log-lines.ts';

/** A command can make denials faster than anybody reads. */
const MAX_DENIALS = 1000;

/** What the system's log has of one run, by log(1). CONTAINS, because what stands around the tag may
 * differ between versions. */
export function logCommand(log: string, tag: string): string[] {
  const predicate = `eventMessage CONTAINS "Sandbox" AND eventMessage CONTAINS "${tag}"`;
  return [log, 'stream', '--style', 'ndjson', '--predicate', predicate];
}

/** Tells of each denial once, as it is read: `chunks` is read no faster than that. Says so when it
 * goes no further, or when there is no log to read. */
export async function reportDenials(
  chunks: AsyncIterable<Buffer>,
  { tag, ruleOf }: Pick<SeatbeltPlan, 'tag' | 'ruleOf'>,
  sink: EventSink,
): Promise<void> {
  const told = new Set<string>();
  for await (const item of logItems(chunks)) {
    if ('text' in item) {
      if (item.text.startsWith('log:'))
        sink({ type: 'notice', message: `denials are not reported: ${item.text}` });
      continue;
    }
    const denial = readDenial(item.entry.eventMessage, tag);
    const key = JSON.stringify(denial);
    if (!denial || told.has(key) || told.size > MAX_DENIALS) continue;
    told.add(key);
    if (told.size > MAX_DENIALS)
      sink({ type: 'notice', message: `more than ${MAX_DENIALS} denials; no more are reported` });
    else {
      const { operation, target, process } = denial;
      const rule = ruleOf(operation, target);
      sink({ type: 'violation', operation, target, ...(process ? { process } : {}), ...rule });
    }
  }
}
