import type { Socket } from 'node:net';
import type { GateProtocol } from '../../events.ts';
import type { Permission, Refusal } from '../../policy/network-decision.ts';
import type { Destinations } from '../destination.ts';
import { explainRefusal, REFUSAL_HEADER } from '../refusal.ts';
import { type Answer, unreachable } from './answers.ts';

export type Opened = { permission: Permission; socket: Socket } | { answer: Answer };

/** Decides about a destination and dials it, with the answer for the client where that fails.
 * `authority` is the destination as the client wrote it. */
export async function openFor(
  destinations: Destinations,
  protocol: GateProtocol,
  target: { host: string; port: number; authority: string },
): Promise<Opened> {
  const refuse = (refusal: Refusal): Opened => {
    const body = explainRefusal(refusal, destinations.policy);
    return { answer: { status: 403, body, header: REFUSAL_HEADER } };
  };
  const decision = destinations.decide(protocol, target.host, target.port);
  if (!decision.allowed) return refuse(decision);
  const dialled = await destinations.dial(protocol, decision);
  if (dialled.outcome === 'refused') return refuse(dialled.refusal);
  if (dialled.outcome === 'unreachable') return { answer: unreachable(target.authority, dialled) };
  return { permission: decision, socket: dialled.socket };
}
