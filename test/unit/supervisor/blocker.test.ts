import { SrtError } from '../../../src/errors.ts';
import type { NamespaceSwitches } from '../../../src/host/user-namespaces.ts';
import { nameBlocker } from '../../../src/supervisor/blocker.ts';
import { startFailure } from '../../../src/supervisor/start-failure.ts';

const open: NamespaceSwitches = {
  apparmorRestriction: null,
  unprivilegedClone: null,
  maxUserNamespaces: 30000,
  container: false,
};

/* What bubblewrap 0.8 prints (bubblewrap.c, network.c). */
const NO_NAMESPACE = 'bwrap: Creating new namespace failed: Operation not permitted';
const NO_UID_MAP = 'bwrap: setting up uid map: Permission denied';
const NO_LOOPBACK = 'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted';
const NO_PROC = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted";
const NO_PERMISSIONS =
  'bwrap: No permissions to create new namespace, likely because the kernel does not allow ' +
  'non-privileged user namespaces. See <https://example.com/> or contact your administrator.';

function judge(printed: string, host: Partial<NamespaceSwitches>): SrtError {
  return nameBlocker(startFailure(null, null, printed, []), { ...open, ...host });
}

describe('a switch of this host', () => {
  test.each([
    ['AppArmor', NO_UID_MAP, { apparmorRestriction: 1 }, 'apparmor_restrict_unprivileged_userns'],
    ['AppArmor', NO_LOOPBACK, { apparmorRestriction: 1 }, 'apparmor_restrict_unprivileged_userns'],
    ['Debian', NO_NAMESPACE, { unprivilegedClone: 0 }, 'kernel.unprivileged_userns_clone'],
    ['Debian', NO_PERMISSIONS, { unprivilegedClone: 0 }, 'kernel.unprivileged_userns_clone'],
    ['the limit', NO_NAMESPACE, { maxUserNamespaces: 0 }, 'user.max_user_namespaces'],
    ['a switch first', NO_PROC, { container: true, maxUserNamespaces: 0 }, 'max_user_namespaces'],
  ])('%s: %s', (_what, printed, host, name) => {
    const error = judge(printed, host);
    expect(error.code).toBe('SRT_HOST_USER_NAMESPACES');
    expect(error.message).toContain(name);
    expect(error.hint).toContain(name);
    expect(error.cause).toBeInstanceOf(SrtError);
  });

  test.each([
    [{ apparmorRestriction: 0 }],
    [{ unprivilegedClone: 1 }],
    [{ apparmorRestriction: null, unprivilegedClone: null, maxUserNamespaces: null }],
  ])('%j stands in no way: what bubblewrap printed is told', (host) => {
    const error = judge(NO_NAMESPACE, host);
    expect(error.code).toBe('SRT_HOST_USER_NAMESPACES');
    expect(error.message).toContain(NO_NAMESPACE);
  });
});

test.each([NO_PROC, NO_NAMESPACE, NO_LOOPBACK])('a container: %s', (printed) => {
  const error = judge(printed, { container: true });
  expect(error.code).toBe('SRT_HOST_CONTAINER');
  expect(error.message).toContain(printed);
  expect(error.hint).toContain('--security-opt');
});

describe('not known', () => {
  test.each([
    ['something else', 'bwrap: Unknown option --frobnicate', { apparmorRestriction: 1 }],
    ['nothing printed', '', { container: true }],
    ['a missing file', "bwrap: Can't find source path /x: No such file or directory", {}],
    ['a mount outside of containers', NO_PROC, {}],
  ])('%s: the error stays what it was', (_what, printed, host) => {
    const error = startFailure(null, null, printed, []);
    expect(nameBlocker(error, { ...open, ...host })).toBe(error);
  });

  test('an error without details', () => {
    const error = new SrtError('SRT_LAUNCH_FAILED', 'x');
    expect(nameBlocker(error, { ...open, container: true })).toBe(error);
  });
});
