import { connect, type LookupFunction, type Socket } from 'node:net';
import { errnoOf } from '../errors.ts';
import type { EventSink, GateProtocol } from '../events.ts';
import {
  decideDestination,
  judgeAddresses,
  type NetworkDecision,
  type Permission,
  type Refusal,
  refuseAddresses,
} from '../policy/network-decision.ts';
import type { Policy } from '../policy/policy.ts';
import { describeProxy, type UpstreamProxy } from '../policy/proxy-url.ts';
import { MAX_DIALS } from './limits.ts';
import { createOpenConnections } from './open-connections.ts';
import { ownAddresses } from './own-addresses.ts';
import { refusedEvent } from './refusal.ts';
import { type Resolve, resolveAbsolute } from './resolver.ts';
import { proxyFor } from './upstream/choice.ts';

/** The gate's one way out: decides, resolves once, judges, and dials what was judged. */
export interface Destinations {
  policy: Policy;
  /** `by` is who asked, where that is known. */
  decide(protocol: GateProtocol, host: string, port: number, by?: Asker): NetworkDecision;
  dial(protocol: GateProtocol, permission: Permission, by?: Asker): Promise<Dialled>;
  /** Cuts the connections that the policy refuses by now. */
  recheck(): void;
}

/** A process inside the sandbox. */
export interface Asker {
  pid: number;
  command: string;
}

export type Dialled =
  | { outcome: 'connected'; socket: Socket }
  | { outcome: 'refused'; refusal: Refusal }
  /** `via` is the parent proxy, where it was one that could not be reached or refused. */
  | { outcome: 'unreachable'; errno: string; via?: string };

const CONNECT_TIMEOUT_MS = 30_000;

export function createDestinations(
  policy: Policy,
  sink: EventSink,
  resolve: Resolve = resolveAbsolute,
): Destinations {
  const report = (protocol: GateProtocol, refusal: Refusal, by?: Asker) => {
    sink(refusedEvent(protocol, refusal, by));
  };

  /* Which lists a permission is from: they can change while it is dialled for. */
  const decidedBy = new WeakMap<Permission, Policy['domains']>();

  const decide: Destinations['decide'] = (protocol, host, port, by) => {
    const decision = decideDestination(policy.domains, host, port);
    if (decision.allowed) decidedBy.set(decision, policy.domains);
    else report(protocol, decision, by);
    return decision;
  };

  const resolveAndJudge = async (permission: Permission) => {
    const { host } = permission;
    const found = host.kind === 'name' ? await resolve(host.text) : [host.text];
    if (found.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
    const addresses = judgeAddresses(policy.domains, permission, found, ownAddresses());
    if (addresses.length > 0) return { addresses };
    return { refusal: refuseAddresses(policy.domains, permission, found) };
  };

  const dial: Destinations['dial'] = async (protocol, permission, by) => {
    const { host, port } = permission;
    const proxy = proxyFor(policy, permission, protocol === 'http');
    try {
      /* The proxy resolves the name: many networks that have one know no names but their own. */
      if (proxy && host.kind === 'name') return await dialThrough(proxy, protocol, permission);
      const judged = await resolveAndJudge(permission);
      if ('refusal' in judged) {
        report(protocol, judged.refusal, by);
        return { outcome: 'refused', refusal: judged.refusal };
      }
      if (proxy) return await dialThrough(proxy, protocol, permission);
      const socket = await dialAddresses(judged.addresses, port);
      const [first = '', second] = judged.addresses;
      const address = second === undefined ? first : (socket.remoteAddress ?? '');
      sink({ type: 'connected', protocol, host: host.text, port, address });
      return { outcome: 'connected', socket };
    } catch (error) {
      const errno = errnoOf(error) || 'EHOSTUNREACH';
      sink({ type: 'unreachable', protocol, host: host.text, port, errno });
      return { outcome: 'unreachable', errno };
    }
  };

  const dialThrough = async (
    proxy: UpstreamProxy,
    protocol: GateProtocol,
    { host, port }: Permission,
  ): Promise<Dialled> => {
    const about = { protocol, host: host.text, port, via: describeProxy(proxy) };
    try {
      const { dialUpstream } = await import('./upstream/upstream.ts');
      const socket = await dialUpstream(proxy, host, port, { plain: protocol === 'http' });
      sink({ type: 'connected', ...about, address: socket.remoteAddress ?? '' });
      return { outcome: 'connected', socket };
    } catch (error) {
      const errno = errnoOf(error) || 'EHOSTUNREACH';
      sink({ type: 'unreachable', ...about, errno });
      return { outcome: 'unreachable', errno, via: about.via };
    }
  };

  const open = createOpenConnections(policy, report);

  let dialling = 0;

  const dialAndKeep: Destinations['dial'] = async (protocol, permission, by) => {
    if (dialling >= MAX_DIALS) {
      const { host, port } = permission;
      sink({ type: 'unreachable', protocol, host: host.text, port, errno: 'EAGAIN' });
      return { outcome: 'unreachable', errno: 'EAGAIN' };
    }
    dialling++;
    const dialled = await dial(protocol, permission, by).finally(() => dialling--);
    if (dialled.outcome !== 'connected') return dialled;
    const isStale = decidedBy.get(permission) !== policy.domains;
    return open.admit(protocol, permission, dialled, isStale);
  };

  return { policy, decide, dial: dialAndKeep, recheck: open.recheck };
}

/** Happy eyeballs (RFC 8305) is Node's own; its resolver only ever returns what was judged. */
function dialAddresses(addresses: readonly string[], port: number): Promise<Socket> {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const only = found[0];
  const judged: LookupFunction = (_name, _options, done) => {
    done(null, found as Parameters<typeof done>[1]);
  };
  const host = found.length === 1 && only ? only.address : 'judged.invalid';
  const socket = connect({
    host,
    port,
    lookup: judged,
    allowHalfOpen: true,
    autoSelectFamily: true,
    noDelay: true,
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS);
    /* For good: until its other half has come nobody else listens, and an error would end srt. */
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
