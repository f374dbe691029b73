import type { DomainRule } from './domain-rule.ts';
import type { Host } from './host-name.ts';

interface ListIndex {
  names: Map<string, DomainRule[]>;
  below: Map<string, DomainRule[]>;
  addresses: DomainRule[];
  every: DomainRule[];
}

/* By the list itself, so that whoever has rules need not know that they are looked up; a list of
 * ten thousand hosts would else be gone through at every request. */
const indexes = new WeakMap<readonly DomainRule[], Map<DomainRule['list'], ListIndex>>();

/** The rules of one list that can be about the host, the closest first: its own name, wildcards
 * from the longest base, addresses, then the rules that are about every host. Never fewer than
 * those that matchesDomain picks. The rules must not change once they were given here. */
export function rulesNear(
  rules: readonly DomainRule[],
  list: DomainRule['list'],
  host: Host,
): readonly DomainRule[] {
  const index = indexOf(rules).get(list);
  if (!index) return [];
  if (host.kind !== 'name') return [...index.addresses, ...index.every];
  const near = [...(index.names.get(host.text) ?? [])];
  for (let dot = host.text.indexOf('.'); dot !== -1; dot = host.text.indexOf('.', dot + 1))
    near.push(...(index.below.get(host.text.slice(dot + 1)) ?? []));
  return [...near, ...index.every];
}

function indexOf(rules: readonly DomainRule[]): Map<DomainRule['list'], ListIndex> {
  const known = indexes.get(rules);
  if (known) return known;
  const index = new Map<DomainRule['list'], ListIndex>();
  for (const rule of rules) {
    const of = index.get(rule.list) ?? emptyIndex();
    index.set(rule.list, of);
    placeFor(of, rule).push(rule);
  }
  for (const { addresses } of index.values())
    addresses.sort((one, other) => prefixOf(other) - prefixOf(one));
  indexes.set(rules, index);
  return index;
}

function prefixOf({ hosts }: DomainRule): number {
  return hosts.kind === 'addresses' ? hosts.block.prefix : 0;
}

function emptyIndex(): ListIndex {
  return { names: new Map(), below: new Map(), addresses: [], every: [] };
}

function placeFor(index: ListIndex, { hosts }: DomainRule): DomainRule[] {
  if (hosts.kind === 'addresses') return index.addresses;
  if (hosts.kind !== 'name' && hosts.kind !== 'below') return index.every;
  const [map, key] = hosts.kind === 'name' ? [index.names, hosts.name] : [index.below, hosts.base];
  const place = map.get(key) ?? [];
  map.set(key, place);
  return place;
}
