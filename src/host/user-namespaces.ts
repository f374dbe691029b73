import { existsSync, readFileSync } from 'node:fs';

/** What a host says about unprivileged user namespaces; null where it has no such switch. */
export interface NamespaceSwitches {
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu 23.10 and later). */
  apparmorRestriction: number | null;
  /** kernel.unprivileged_userns_clone (Debian's patch). */
  unprivilegedClone: number | null;
  /** user.max_user_namespaces (namespaces(7)). */
  maxUserNamespaces: number | null;
  /** Docker, Podman, or a kubelet's marks. */
  container: boolean;
}

function readNumber(path: string): number | null {
  try {
    const value = Number(readFileSync(path, 'utf8').trim());
    return Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

/** Read only after a failed start, to name what stood in the way. */
export function probeNamespaceSwitches(): NamespaceSwitches {
  return {
    apparmorRestriction: readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns'),
    unprivilegedClone: readNumber('/proc/sys/kernel/unprivileged_userns_clone'),
    maxUserNamespaces: readNumber('/proc/sys/user/max_user_namespaces'),
    container:
      existsSync('/.dockerenv') ||
      existsSync('/run/.containerenv') ||
      'KUBERNETES_SERVICE_HOST' in process.env,
  };
}
