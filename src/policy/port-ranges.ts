/** Ports from the first to the last, both included. */
export interface PortRange {
  first: number;
  last: number;
}

/** null: every port. */
export type Ports = readonly PortRange[] | null;

/** Reads `443`, `80,443`, `8000-8100` and lists of both. */
export function parsePorts(typed: string): readonly PortRange[] | { problem: string } {
  const ranges: PortRange[] = [];
  for (const part of typed.split(',')) {
    const [, from, to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
    if (from === undefined) return { problem: 'needs ports such as 443 or 80,8000-8100' };
    const [first, last] = [Number(from), Number(to)];
    if (first < 1 || last > 65535 || first > 65535 || last < 1)
      return { problem: 'has a port outside 1-65535' };
    if (first > last) return { problem: `has a range of ports that runs backwards: ${part}` };
    ranges.push({ first, last });
  }
  return ranges;
}

/** `80,8000-8100`: what parsePorts reads. */
export function formatPorts(ports: readonly PortRange[]): string {
  return ports.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',');
}

export function coversPort(ports: Ports, port: number): boolean {
  return ports?.some(({ first, last }) => first <= port && port <= last) ?? true;
}
