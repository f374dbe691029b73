import { lstatSync } from 'node:fs';
import type { EventSink, SandboxEvent } from '../events.ts';
import { renderReport } from './render.ts';

/** Collects what a command hands over to programs outside of the sandbox. */
export interface Report {
  sink: EventSink;
  /** What of it is there now, as text; empty when nothing is. */
  render(): string;
}

export function createReport(exists: (path: string) => boolean = mayExist): Report {
  const told = new Map<string, Extract<SandboxEvent, { type: 'handed-over' }>>();
  let more = 0;
  return {
    sink(event) {
      if (event.type === 'handed-over') told.set(event.path, event);
      else if (event.type === 'handed-over-more') more += event.times;
    },
    render() {
      const left = [...told.values()].filter(({ path }) => exists(path));
      left.sort((one, other) => (one.path < other.path ? -1 : 1));
      return renderReport(left, more);
    },
  };
}

/** False only for what is surely gone: a path of bytes that are no UTF-8 cannot be asked for. */
function mayExist(path: string): boolean {
  if (path.includes('\ufffd')) return true;
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}
