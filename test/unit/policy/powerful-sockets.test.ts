import { POWERFUL_SOCKETS, powersOf } from '../../../src/policy/powerful-sockets.ts';

const HOMES = ['/home/me'];

test.each([
  ['/run/docker.sock', /^Docker: root/],
  ['/var/run/docker.sock', /^Docker: root/],
  ['/private/var/run/docker.sock', /^Docker: root/],
  ['/run/user/1000/docker.sock', /^Docker: everything that you can do/],
  ['/home/me/.docker/run/docker.sock', /^Docker/],
  ['/run/podman/podman.sock', /^Podman: root/],
  ['/run/containerd/containerd.sock', /^containerd/],
  ['/run/crio/crio.sock', /^CRI-O/],
  ['/run/snapd.socket', /^snapd/],
  ['/run/systemd/private', /^systemd: starts programs as root/],
  ['/run/user/1000/systemd/private', /^systemd: starts programs as you/],
  ['/run/dbus/system_bus_socket', /^the system bus/],
  ['/run/user/1000/bus', /^the session bus/],
  ['/home/me/.gnupg/S.gpg-agent.ssh', /^the OpenPGP agent/],
  ['/run/user/1000/gnupg/S.gpg-agent', /^the OpenPGP agent/],
  ['/tmp/ssh-XXXX/agent.42', /^the SSH agent/],
  ['/private/tmp/com.apple.launchd.x/Listeners', /^the SSH agent/],
  ['/tmp/.X11-unix/X0', /^the X server/],
  ['/run/user/1000/wayland-0', /^the compositor/],
])('%s gives something away', (path, what) => {
  expect(powersOf(path, HOMES)).toEqual([expect.stringMatching(what)]);
});

test.each([
  '/run/example.sock',
  '/run/docker.sock.other',
  '/home/you/.gnupg/S.gpg-agent',
  '/home/me/project/docker.sock',
  '/run/user/1000/example',
])('%s gives nothing away that is known', (path) => {
  expect(powersOf(path, HOMES)).toEqual([]);
});

test('a folder gives away what may be in it', () => {
  const texts = new Set(POWERFUL_SOCKETS.map(([, gives]) => gives));
  expect(new Set(powersOf('/', HOMES))).toEqual(texts);
  expect(powersOf('/run/user/1000', HOMES).length).toBeGreaterThan(5);
  expect(powersOf('/home/me', HOMES)).toContain(
    'the OpenPGP agent: signs and decrypts with your keys',
  );
});
