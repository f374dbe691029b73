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
 * file, so `alone` counts those pages whole: what the process would take if no other Node ran. */
export function memoryOf(pid) {
  try {
    const node = readlinkSync('/proc/self/exe');
    const memory = { pss: 0, alone: 0 };
    /* proc_pid_smaps(5): a line of the mapping, its file last, and then its fields. */
    for (const mapping of readFileSync(`/proc/${pid}/smaps`, 'latin1').split(/^(?=[0-9a-f]+-)/m)) {
      const bytes = (field) =>
        1024 * Number(new RegExp(`^${field}: +(\\d+)`, 'm').exec(mapping)?.[1] ?? 0);
      const shared = mapping.split('\n', 1)[0].endsWith(` ${node}`);
      memory.pss += bytes('Pss');
      memory.alone += bytes(shared ? 'Rss' : 'Pss');
    }
    return memory;
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
