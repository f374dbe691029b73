import { SrtError } from '../errors.ts';
import type { NamespaceSwitches } from '../host/user-namespaces.ts';

/** Names what on this host keeps bubblewrap from starting, from what it printed and what the
 * host says about itself. Returns the error unchanged when it is none of the known blockers. */
export function nameBlocker(error: SrtError, host: NamespaceSwitches): SrtError {
  const printed = String(error.details.printed ?? '');
  const namespaces = (why: string, hint: string) =>
    new SrtError('SRT_HOST_USER_NAMESPACES', `user namespaces are refused: ${why}`, {
      hint,
      cause: error,
    });
  const refused = /namespace|uid map|gid map|setgroups|RTM_NEWADDR|loopback|not permitted/i;
  if (!refused.test(printed) && !/mount/i.test(printed)) return error;
  if (host.apparmorRestriction === 1) {
    return namespaces(
      'AppArmor restricts them (kernel.apparmor_restrict_unprivileged_userns = 1)',
      'give bwrap a profile that allows userns (docs/install.md has one), or run: ' +
        'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    );
  }
  if (host.unprivilegedClone === 0) {
    return namespaces(
      'kernel.unprivileged_userns_clone = 0',
      'run: sudo sysctl kernel.unprivileged_userns_clone=1',
    );
  }
  if (host.maxUserNamespaces === 0) {
    return namespaces(
      'user.max_user_namespaces = 0',
      'run: sudo sysctl user.max_user_namespaces=10000',
    );
  }
  if (host.container) {
    return new SrtError(
      'SRT_HOST_CONTAINER',
      `this container does not let a sandbox be made inside it: ${printed}`,
      {
        hint: 'start the container with user namespaces and an unmasked /proc, for Docker: --security-opt seccomp=unconfined --security-opt systempaths=unconfined',
        cause: error,
      },
    );
  }
  if (/namespace/i.test(printed))
    return namespaces(printed, 'allow unprivileged user namespaces on this host');
  return error;
}
