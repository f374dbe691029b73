/** Lines of `ps -axo pid=,ppid=`. */
export function parseProcesses(text: string): { pid: number; parent: number }[] {
  return [...text.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)].map(([, pid, parent]) => ({
    pid: Number(pid),
    parent: Number(parent),
  }));
}

/** All processes below `root`, without it. */
export function descendantsOf(
  root: number,
  processes: readonly { pid: number; parent: number }[],
): number[] {
  const found = new Set([root]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  found.delete(root);
  return [...found];
}
