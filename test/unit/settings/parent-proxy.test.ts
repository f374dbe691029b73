import { inspect } from 'node:util';
import { parseHost } from '../../../src/policy/host-name.ts';
import { describeProxy } from '../../../src/policy/proxy-url.ts';
import { chooseUpstream } from '../../../src/policy/upstream.ts';
import { loadText } from '../../../src/settings/load.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { refusal } from '../rules.ts';

type Variables = Record<string, string>;
const context = { home: '/home/me', cwd: '/work', protect: [] };

function policyOf(text: string, environment?: Variables) {
  return toPolicy(loadText(text, 's.json'), { ...context, ...(environment && { environment }) });
}

/** The proxies for http:// and https:// of example.com. */
function proxiesOf(parentProxy: unknown, environment?: Variables): (string | null)[] {
  const { upstream } = policyOf(JSON.stringify({ network: { parentProxy } }), environment);
  const host = parseHost('example.com');
  if (!host) throw new Error('example.com');
  return [80, 443].map((port) => {
    const proxy = chooseUpstream(upstream, host, port);
    return proxy && describeProxy(proxy);
  });
}

const [a, b] = ['http://a.example.org:1', 'http://b.example.org:2'];

describe('network.parentProxy', () => {
  test.each<[unknown, Variables | undefined, (string | null)[]]>([
    [{}, undefined, [null, null]],
    [{ http: a }, undefined, [a, a]],
    [{ http: a, https: b }, undefined, [a, b]],
    [{ all: 'socks5h://a.example.org' }, {}, Array(2).fill('socks5://a.example.org:1080')],
    [{}, { https_proxy: a }, [null, a]],
    [{}, { HTTP_PROXY: a, HTTPS_PROXY: b }, [a, b]],
    [undefined, { ALL_PROXY: a }, [a, a]],
    [undefined, { ALL_PROXY: a, NO_PROXY: 'example.com' }, [null, null]],
    [{ noProxy: [] }, { ALL_PROXY: a, NO_PROXY: 'example.com' }, [a, a]],
    [{ http: b }, { ALL_PROXY: a, HTTPS_PROXY: a }, [b, b]],
    [{ http: b }, { NO_PROXY: 'example.com' }, [null, null]],
    [{ http: '' }, { ALL_PROXY: a }, [null, null]],
    [{ noProxy: '*' }, { ALL_PROXY: a }, [null, null]],
    [{ noProxy: 'x.example.com, example.com:443' }, { ALL_PROXY: a }, [a, null]],
    [{ http: a, noProxy: ['x.example.com', 'example.com:443'] }, {}, [a, null]],
  ])('%j with %j', (setting, environment, proxies) => {
    expect(proxiesOf(setting, environment)).toEqual(proxies);
  });

  test.each([
    ['{"network": {"parentProxy": {"http": 1}}}', '1:38: network.parentProxy.http must be string'],
    ['{"network": {"parentProxy": "x:y@z"}}', '1:29: network.parentProxy must be object'],
    [
      '{"network": {"parentProxy": {\n "https": "quic://u:secret@example.com"}}}',
      '2:11: network.parentProxy.https has a scheme other than http, https, socks4 and socks5',
    ],
    [
      '{"network": {"parentProxy": {"all": "http://u:secret@example.com/p"}}}',
      '1:37: network.parentProxy.all is not the URL of a proxy, scheme://user:password@host:port',
    ],
    [
      '{"network": {"parentProxy": {"noProxy": ["a.example.com", "10.0.0.0/33"]}}}',
      '1:41: network.parentProxy.noProxy has "10.0.0.0/33", which is no host or range',
    ],
    [
      '{"network": {"parentProxy": {"noProxy": "u:secret@example.com"}}}',
      '1:41: network.parentProxy.noProxy has an entry with @, which is no host or range',
    ],
    [
      '{"network": {"parentProxy": {"noProxy": [1]}}}',
      '1:42: network.parentProxy.noProxy.0 must be string',
    ],
    [
      '{"network": {"parentProxy": {"sock": "socks5://u:secret@example.com"}}}',
      '1:30: unknown key "sock" in network.parentProxy; srt refuses what it would not enforce',
    ],
  ])('%s is refused with its place', (text, message) => {
    const error = refusal(() => policyOf(text));
    expect(error.code).toBe('SRT_SETTINGS_INVALID');
    expect(error.message).toBe(`s.json:${message}`);
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  test('a variable that is no proxy is refused by its name, without its value', () => {
    const error = refusal(() => policyOf('{}', { HTTPS_PROXY: 'ftp://u:secret@example.com' }));
    expect(error).toMatchObject({
      code: 'SRT_SETTINGS_INVALID',
      message: 'the variable HTTPS_PROXY has a scheme other than http, https, socks4 and socks5',
      hint: 'correct it, or set network.parentProxy in the settings',
    });
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  test('what NO_PROXY has beyond hosts is skipped, as other programs do', () => {
    expect(proxiesOf({}, { ALL_PROXY: a, NO_PROXY: '<local>,example.com' })).toEqual([null, null]);
  });
});
