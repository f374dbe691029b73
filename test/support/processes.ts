import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

interface ProcessStat {
  pid: number;
  state: string;
  parent: number;
  session: number;
}

/** pid (comm) state ppid pgrp session ... (proc(5)); comm may hold spaces and parentheses. */
function stat(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', parent, , session] = fields;
    return { pid, state, parent: Number(parent), session: Number(session) };
  } catch {
    return null;
  }
}

function living(): ProcessStat[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => stat(Number(pid)) ?? []).filter(({ state }) => state !== 'Z');
}

/** Processes of a session, zombies left out. A command started with `detached` leads a session of
 * its own (setsid(2)), and its descendants stay in it across PID namespaces unless they leave. */
export function sessionMembers(session: number): number[] {
  return living()
    .filter((process) => process.session === session)
    .map(({ pid }) => pid);
}

/** All processes below `root`, in whatever session. */
export function descendants(root: number): number[] {
  const all = living();
  const found = new Set([root]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}

/** Which of these processes still live after at most `timeout` ms. */
export async function stillAlive(pids: readonly number[], timeout = 5000): Promise<number[]> {
  for (const end = Date.now() + timeout; ; await sleep(20)) {
    const left = pids.filter((pid) => (stat(pid)?.state ?? 'Z') !== 'Z');
    if (left.length === 0 || Date.now() > end) return left;
  }
}

let marks = 0;

/** For the environment of srt: its Node leads a session of its own, and is told by this. */
export function marked(): { SRT_TEST_MARK: string } {
  return { SRT_TEST_MARK: `${process.pid}-${++marks}-${Date.now()}` };
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
  } catch {
    return false;
  }
}

/** Waits until nothing is left of srt, which was started in a session of its own and with a mark; returns
 * what is after `timeout` ms. */
export async function nothingLeft(
  session: number,
  { SRT_TEST_MARK: mark }: ReturnType<typeof marked>,
  timeout = 5000,
): Promise<number[]> {
  for (const end = Date.now() + timeout; ; await sleep(20)) {
    const left = living().filter((one) => one.session === session || hasMark(one.pid, mark));
    if (left.length === 0 || Date.now() > end) return left.map(({ pid }) => pid);
  }
}
