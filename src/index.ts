/** srt as a library: settings to policy, policy to sandbox, sandbox to a running command. */
export type { LaunchPlan } from './compile/plan.ts';
export type { SeatbeltPlan } from './compile/seatbelt/plan.ts';
export { isSrtError, SrtError, type SrtErrorCode } from './errors.ts';
export type { EventSink, SandboxEvent } from './events.ts';
export type { Environment } from './host/facts.ts';
export { readRegistries } from './host/registries.ts';
export type { Policy } from './policy/policy.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export { loadSettings, loadText } from './settings/load.ts';
export type { Settings } from './settings/settings.ts';
export { type PolicyContext, toPolicy } from './settings/to-policy.ts';
export type { RunResult } from './supervisor/run.ts';
