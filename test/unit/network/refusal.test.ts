import { explainRefusal } from '../../../src/network/refusal.ts';
import { parseDomainPattern } from '../../../src/policy/domain-rule.ts';
import { decideDestination, type RefusalReason } from '../../../src/policy/network-decision.ts';
import { domainRule, networkPolicy } from '../rules.ts';

function explain(host: string, port: number, ...entries: string[]): string {
  const policy = networkPolicy(...entries);
  const decision = decideDestination(policy.domains, host, port);
  if (decision.allowed) throw new Error(`${host} is allowed`);
  return explainRefusal(decision, policy);
}

test('a host that nothing allows: the line that would', () => {
  expect(explain('Example.com', 443)).toBe(
    'srt refused "example.com" (port 443): no entry of network.allowedDomains allows it.\n' +
      'To allow it, add this to settings.json:\n' +
      '  "network": { "allowedDomains": ["example.com"] }\n',
  );
});

test.each([
  ['example.com', 443],
  ['www.example.com', 8443],
  ['192.0.2.1', 443],
  ['127.1', 3000],
  ['::1', 3000],
  ['2001:db8::1', 443],
  ['localhost', 3000],
  ['169.254.169.254', 80],
])('the entry that it names for %s allows it', (host, port) => {
  const [entry = ''] = JSON.parse(
    /\[.*\]/.exec(explain(host, port).split('\n')[2] ?? '')?.[0] ?? '',
  );
  expect(parseDomainPattern(entry, 'allowedDomains')).not.toHaveProperty('problem');
  expect(decideDestination([domainRule('allowedDomains', entry)], host, port).allowed).toBe(true);
});

test.each([
  ['127.0.0.1', 3000],
  ['::1', 3000],
  ['localhost', 3000],
])('for this machine (%s) the entry is about that port alone', (host, port) => {
  expect(explain(host, port)).toContain(`:${port}"]`);
});

test('a denied host: the rule, as it was written, and where', () => {
  expect(explain('a.example.com', 443, '!*.Example.com')).toBe(
    'srt refused "a.example.com" (port 443): ' +
      'network.deniedDomains "*.Example.com" (settings.json:1:1) denies it.\n',
  );
});

test('a malformed host is shown with its odd characters escaped', () => {
  expect(explain('a\0b\r\nx-header: 1', 443)).toBe(
    'srt refused "a\\u0000b\\r\\nx-header: 1": it is not a host name or an address.\n',
  );
});

test('a malformed port', () => {
  expect(explain('example.com', 0)).toBe(
    'srt refused "example.com" (port 0): the port is not between 1 and 65535.\n',
  );
});

test('a name that leads to this machine', () => {
  const policy = networkPolicy('example.com');
  const refusal = {
    allowed: false,
    reason: 'local-address',
    host: 'example.com',
    port: 443,
    rule: policy.domains[0] ?? null,
  } as const;
  expect(explainRefusal(refusal, policy)).toMatch(
    /^srt refused "example\.com" \(port 443\): network\.allowedDomains "example\.com" \(.*\) allows it, but it leads to an address of this machine or its link\.\nTo allow it, list that address/,
  );
});

test('a name under a rule for every host that leads to a private address', () => {
  const policy = networkPolicy('*');
  const rule = policy.domains[0] ?? null;
  const refusal = {
    allowed: false,
    reason: 'local-address',
    host: 'a.test',
    port: 80,
    rule,
  } as const;
  expect(explainRefusal(refusal, policy)).toBe(
    'srt refused "a.test" (port 80): network.allowedDomains "*" (settings.json:1:1) allows it, ' +
      'but it leads to an address that is not public, or is of this machine.\n' +
      'To allow it, list that address itself in network.allowedDomains.\n',
  );
});

test('a denied host with a reason: the reason too', () => {
  const rule = { ...domainRule('deniedDomains', 'example.com'), because: 'use the mirror' };
  const decision = decideDestination([rule], 'example.com', 443);
  if (decision.allowed) throw new Error('allowed');
  expect(explainRefusal(decision, networkPolicy())).toBe(
    'srt refused "example.com" (port 443): ' +
      'network.deniedDomains "example.com" (settings.json:1:1) denies it.\n' +
      'Reason: use the mirror\n',
  );
});

test('a name that leads to a denied address', () => {
  const rule = domainRule('deniedResolvedAddresses', '192.0.2.0/24');
  const about = {
    allowed: false,
    reason: 'denied-by-rule',
    host: 'example.com',
    port: 443,
  } as const;
  expect(explainRefusal({ ...about, rule }, networkPolicy())).toBe(
    'srt refused "example.com" (port 443): network.deniedResolvedAddresses "192.0.2.0/24" ' +
      '(settings.json:1:1) denies the address that it leads to.\n',
  );
});

test.each<RefusalReason>([
  'malformed-host',
  'malformed-port',
  'denied-by-rule',
  'not-allowed',
  'local-address',
])('%s: whole lines, and the host in each first one', (reason) => {
  const refusal = { allowed: false, reason, host: 'example.com', port: 443, rule: null } as const;
  const text = explainRefusal(refusal, networkPolicy());
  expect(text).toMatch(/^srt refused "example\.com".*\n/);
  expect(text.endsWith('\n')).toBe(true);
});
