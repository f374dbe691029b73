import type { SandboxEvent } from '../../../../src/events.ts';
import { createNamePool } from '../../../../src/network/dns/name-pool.ts';
import { createNameService } from '../../../../src/network/dns/name-service.ts';
import { decideName } from '../../../../src/policy/network-decision.ts';
import { domainRule } from '../../rules.ts';
import { parseResponse, query } from './bytes.ts';

const RULES = [
  { ...domainRule('deniedDomains', 'denied.test'), because: 'ask the owner' },
  domainRule('allowedDomains', 'allowed.test'),
];

async function ask(name: string, answer: string[] | Error) {
  const events: SandboxEvent[] = [];
  const resolve = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const decide = (spelling: string) => decideName(RULES, spelling);
  const pool = createNamePool();
  const service = createNameService(decide, resolve, pool, false, (event) => events.push(event));
  const bytes = await service.answer(query(name), 'udp');
  return { rcode: bytes && parseResponse(bytes).rcode, events };
}

const failure = (code: string) => Object.assign(new Error(code), { code });

test.each<[string, string[] | Error, number]>([
  ['an address', ['192.0.2.1'], 0],
  ['no address', [], 3],
  ['no such name', failure('ENOTFOUND'), 3],
  ['a resolver that is out of order', failure('EAI_AGAIN'), 2],
])('an allowed name with %s', async (_what, answer, rcode) => {
  expect(await ask('allowed.test', answer)).toEqual({ rcode, events: [] });
});

test('a refusal is the event that a connection to the name would be, reason and all', async () => {
  const { rcode, events } = await ask('denied.test', ['192.0.2.1']);
  expect(rcode).toBe(5);
  expect(events).toEqual([
    {
      ...{ type: 'refused', protocol: 'dns', host: 'denied.test', port: 53 },
      ...{ reason: 'denied-by-rule', rule: 'denied.test', because: 'ask the owner' },
    },
  ]);
});
