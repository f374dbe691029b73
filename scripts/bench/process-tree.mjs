import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The process `root` and everything below it: [{ pid, name }], parents first. */
export function processTree(root) {
  const children = new Map();
  const names = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    /* proc_pid_stat(5): the name stands in parentheses and may itself hold some. */
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readOrNull(`/proc/${pid}/stat`)) ?? [];
    if (parent === undefined) continue;
    names.set(Number(pid), name);
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(pid)]);
  }
  const tree = names.has(root) ? [root] : [];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree.map((pid) => ({ pid, name: names.get(pid) }));
}

/** The memory of one process in bytes; null when this user may not read it. `pss` is its
 * proportional set. The bench is a Node too and takes its share of the pages of Node's program
 * file, so `alone` counts a Node with all of its pages: what it would take if no other one ran. */
export function memoryOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const bytes = (field) => 1024 * Number(new RegExp(`^${field}: +(\\d+) kB`, 'm').exec(text)[1]);
    const isNode = readlinkSync(`/proc/${pid}/exe`) === readlinkSync('/proc/self/exe');
    return { pss: bytes('Pss'), alone: bytes(isNode ? 'Rss' : 'Pss') };
  } catch {
    return null;
  }
}

/** Kills everything below `root`, by pid, but not `root` itself. */
export function killDescendants(root) {
  for (const { pid } of processTree(root).slice(1)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      /* Gone already, often because its parent was killed a moment ago. */
    }
  }
}
