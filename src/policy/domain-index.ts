import { bytesOf, keyOfBlock } from './address-block.ts';
import type { DomainRule } from './domain-rule.ts';
import { embeddedAddresses } from './embedded-address.ts';
import type { Host } from './host-name.ts';

interface ListIndex {
  names: Map<string, DomainRule[]>;
  below: Map<string, DomainRule[]>;
  blocks: Map<string, DomainRule[]>;
  /** The lengths of prefix that there are blocks of, the longest first. */
  prefixes: number[];
  every: DomainRule[];
}

/* By the list itself, so that whoever has rules need not know that they are looked up; a list of
 * ten thousand hosts would else be gone through at every request. */
const indexes = new WeakMap<readonly DomainRule[], Map<DomainRule['list'], ListIndex>>();

/** The rules of one list that can be about the host, the closest first: its own name, wildcards
 * from the longest base, blocks from the longest prefix, then the rules that are about every host.
 * Never fewer than those that matchesDomain picks. The rules must not change once they were given
 * here. */
export function rulesNear(
  rules: readonly DomainRule[],
  list: DomainRule['list'],
  host: Host,
): readonly DomainRule[] {
  const index = indexOf(rules).get(list);
  if (!index) return [];
  const near = host.kind === 'name' ? rulesByName(index, host.text) : rulesByAddress(index, host);
  return [...near, ...index.every];
}

function rulesByName({ names, below }: ListIndex, name: string): DomainRule[] {
  const near = [...(names.get(name) ?? [])];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
    near.push(...(below.get(name.slice(dot + 1)) ?? []));
  return near;
}

function rulesByAddress({ blocks, prefixes }: ListIndex, host: Host): DomainRule[] {
  if (prefixes.length === 0) return [];
  const addresses = [host, ...embeddedAddresses(host)].map((one) => bytesOf(one) ?? []);
  return prefixes.flatMap((prefix) =>
    addresses.flatMap((bytes) => blocks.get(keyOfBlock(bytes, prefix)) ?? []),
  );
}

function indexOf(rules: readonly DomainRule[]): Map<DomainRule['list'], ListIndex> {
  const known = indexes.get(rules);
  if (known) return known;
  const index = new Map<DomainRule['list'], ListIndex>();
  for (const rule of rules) {
    const of = index.get(rule.list) ?? emptyIndex();
    index.set(rule.list, of);
    addTo(of, rule);
  }
  for (const { prefixes } of index.values()) prefixes.sort((one, other) => other - one);
  indexes.set(rules, index);
  return index;
}

function emptyIndex(): ListIndex {
  return { names: new Map(), below: new Map(), blocks: new Map(), prefixes: [], every: [] };
}

function addTo(index: ListIndex, rule: DomainRule): void {
  const { hosts } = rule;
  if (hosts.kind === 'name') addAt(index.names, hosts.name, rule);
  else if (hosts.kind === 'below') addAt(index.below, hosts.base, rule);
  else if (hosts.kind === 'addresses') {
    const { bytes, prefix } = hosts.block;
    addAt(index.blocks, keyOfBlock(bytes, prefix), rule);
    if (!index.prefixes.includes(prefix)) index.prefixes.push(prefix);
  } else index.every.push(rule);
}

function addAt(map: Map<string, DomainRule[]>, key: string, rule: DomainRule): void {
  const place = map.get(key);
  if (place) place.push(rule);
  else map.set(key, [rule]);
}
