import { SrtError } from '../errors.ts';
import { parseNoProxy } from '../policy/no-proxy.ts';
import { type ProxyKey, parseUpstream, proxyVariables, type Upstream } from '../policy/upstream.ts';
import type { LoadedSettings } from './settings.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The proxies of network.parentProxy, and where it names none those of the environment. Either
 * goes with noProxy of the settings, or without that NO_PROXY. Throws SRT_SETTINGS_INVALID, which
 * names the setting or the variable and quotes neither: there may be a password in it. */
export function upstreamOf(loaded: LoadedSettings, environment: Variables = {}): Upstream | null {
  const { noProxy, ...urls } = loaded.settings.network?.parentProxy ?? {};
  const { texts, names } = proxyVariables(environment);
  const { noProxy: NO_PROXY = '', ...variables } = texts;
  const set = Object.keys(urls).length > 0;
  if (noProxy !== undefined) checkNoProxy(loaded, joined(noProxy));
  const excepted = noProxy === undefined ? NO_PROXY : joined(noProxy);
  const upstream = parseUpstream({ ...(set ? urls : variables), noProxy: excepted });
  if (upstream === null || !('problem' in upstream)) return upstream;
  const { key, problem } = upstream;
  if (set) throw invalid(loaded, key, problem);
  throw new SrtError('SRT_SETTINGS_INVALID', `the variable ${names[key]} ${problem}`, {
    hint: 'correct it, or set network.parentProxy in the settings',
  });
}

/** Whether the text of the settings has a password in it. */
export function holdsCredentials({ settings }: LoadedSettings): boolean {
  const { http, https, all } = settings.network?.parentProxy ?? {};
  return [http, https, all].some((url) => url?.includes('@') === true);
}

/* In NO_PROXY other programs skip what they do not know, and so does srt. */
function checkNoProxy(loaded: LoadedSettings, list: string): void {
  const { odd } = parseNoProxy(list);
  if (odd === null) return;
  /* Somebody may have put the proxy's own URL there. */
  const shown = odd.includes('@') ? 'an entry with @' : JSON.stringify(odd);
  throw invalid(loaded, 'noProxy', `has ${shown}, which is no host or range`);
}

function joined(list: string | string[]): string {
  return typeof list === 'string' ? list : list.join(',');
}

function invalid(loaded: LoadedSettings, key: ProxyKey, problem: string): SrtError {
  const where = loaded.locate(['network', 'parentProxy', key]);
  return new SrtError('SRT_SETTINGS_INVALID', `${where}: network.parentProxy.${key} ${problem}`);
}
