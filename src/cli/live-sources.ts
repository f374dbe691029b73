import type { Policy } from '../policy/policy.ts';
import type { Sandbox } from '../sandbox.ts';
import { loadText, readSettings } from '../settings/load.ts';
import type { LoadedSettings } from '../settings/settings.ts';
import { type PolicyContext, toPolicy } from '../settings/to-policy.ts';
import type { LiveSources } from './live.ts';

/** A run as it began. */
export interface Begun {
  loaded: LoadedSettings;
  context: PolicyContext & { settingsPath: string };
  policy: Policy;
  sandbox: Sandbox;
  controlFd: number | null;
  notice(message: string): void;
}

function sourcesOf({ loaded, context, policy, sandbox, controlFd, notice }: Begun): LiveSources {
  const { file, snapshot } = loaded;
  const path = context.settingsPath;
  const writeRoots = policy.paths.filter(({ list }) => list === 'allowWrite');
  return {
    file,
    controlFd,
    watched: {
      path,
      snapshot,
      writeRoots: writeRoots.map((rule) => rule.path),
      read: () => readSettings(path, file),
    },
    apply(text, name, complete) {
      const given = loadText(text, name);
      const next = toPolicy(given, context);
      sandbox.update(complete ? next : { ...next, ...unsaid(given, policy) });
    },
    notice,
  };
}

/** Of a policy what settings that are not complete do not speak of. */
function unsaid({ settings }: LoadedSettings, policy: Policy): Partial<Policy> {
  const { filesystem, env, network = {} } = settings;
  const { allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation } = settings;
  const { allowLocalBinding, allowMachLookup } = network;
  const grants = [allowAppleEvents, allowKeychain, enableWeakerNetworkIsolation];
  const saysGrants = [...grants, allowLocalBinding, allowMachLookup].some(
    (one) => one !== undefined,
  );
  return {
    ...(filesystem === undefined && {
      paths: policy.paths,
      protectedNames: policy.protectedNames,
      ...(policy.caches && { caches: policy.caches }),
    }),
    ...(env === undefined && policy.environment && { environment: policy.environment }),
    ...(network.parentProxy === undefined && { upstream: policy.upstream ?? null }),
    ...(network.forward === undefined && { forwards: policy.forwards }),
    ...(!saysGrants && policy.macos && { macos: policy.macos }),
    ...(network.transparent === undefined && { transparent: policy.transparent }),
  };
}

/* Most commands end before anybody could edit their settings: they should not pay for it. */
const WATCH_AFTER_MS = 1000;

/** Follows the settings of a run from a moment after its start, or at once where somebody may be
 * sending others. */
export function followLater(begun: Begun): void {
  const follow = async () => (await import('./live.ts')).followSettings(sourcesOf(begun));
  const wait = begun.controlFd === null ? WATCH_AFTER_MS : 0;
  setTimeout(() => {
    follow().catch((error: Error) => begun.notice(`settings are not followed: ${error.message}`));
  }, wait).unref();
}
