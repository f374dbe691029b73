/* Whoever may connect to one of these has more than a sandbox leaves: srt says so where the list
 * opens one. `~` is a home folder, `*` any characters of a name; a folder means what is in it. */
export const POWERFUL_SOCKETS: readonly (readonly [path: string, gives: string])[] = [
  ['/run/docker.sock', 'Docker: root on this machine, outside of the sandbox'],
  ['/run/user/*/docker.sock', 'Docker: everything that you can do, outside of the sandbox'],
  ['~/.docker/*/docker.sock', 'Docker: everything that you can do, outside of the sandbox'],
  ['~/.colima/*/docker.sock', 'Docker: everything that you can do, outside of the sandbox'],
  ['/run/podman', 'Podman: root on this machine, outside of the sandbox'],
  ['/run/user/*/podman', 'Podman: everything that you can do, outside of the sandbox'],
  ['/run/containerd', 'containerd: root on this machine, outside of the sandbox'],
  ['/run/crio', 'CRI-O: root on this machine, outside of the sandbox'],
  ['/run/buildkit', 'BuildKit: root on this machine, outside of the sandbox'],
  ['/var/lib/incus/unix.socket', 'Incus: root on this machine, outside of the sandbox'],
  ['/var/lib/lxd/unix.socket', 'LXD: root on this machine, outside of the sandbox'],
  ['/var/snap/lxd/common/lxd/unix.socket', 'LXD: root on this machine, outside of the sandbox'],
  ['/run/libvirt', 'libvirt: virtual machines with any file of this machine in them'],
  ['/run/snapd*', 'snapd: installs programs, which run outside of the sandbox'],
  ['/run/systemd/private', 'systemd: starts programs as root, outside of the sandbox'],
  ['/run/user/*/systemd', 'systemd: starts programs as you, outside of the sandbox'],
  ['/run/dbus', 'the system bus: every service of this machine that listens to you'],
  ['/run/user/*/bus', 'the session bus: starts programs as you, outside of the sandbox'],
  ['/run/user/*/at-spi', 'the accessibility bus: reads and types into every window'],
  ['/run/user/*/keyring*', 'the keyring: signs with your keys, and gives away what it holds'],
  ['/run/user/*/gnupg', 'the OpenPGP agent: signs and decrypts with your keys'],
  ['~/.gnupg/S.*', 'the OpenPGP agent: signs and decrypts with your keys'],
  ['/tmp/ssh-*/agent.*', 'the SSH agent: logs in with your keys wherever they are accepted'],
  ['/run/user/*/ssh-agent*', 'the SSH agent: logs in with your keys wherever they are accepted'],
  ['~/.1password/agent.sock', 'the SSH agent: logs in with your keys wherever they are accepted'],
  ['~/.ssh/*', 'the SSH agent, or a shared connection: logs in wherever it leads'],
  ['/tmp/com.apple.launchd.*', 'the SSH agent: logs in with your keys wherever they are accepted'],
  ['/tmp/.X11-unix', 'the X server: sees every window and types into it'],
  ['/run/user/*/wayland-*', 'the compositor: opens windows, and reads the clipboard'],
  ['/run/user/*/pipewire-*', 'the sound server: listens to the microphone'],
  ['/run/user/*/pulse', 'the sound server: listens to the microphone'],
  ['/tmp/tmux-*', 'tmux: runs commands in its windows, outside of the sandbox'],
  ['/run/screen', 'screen: runs commands in its windows, outside of the sandbox'],
];

/* Links of most systems. */
const SPELLINGS: readonly (readonly [link: string, real: string])[] = [
  ['/var/run', '/run'],
  ['/private/var/run', '/run'],
  ['/private/tmp', '/tmp'],
];

/** What an entry for `path` gives away: one text for each kind of socket at, above or beneath it. */
export function powersOf(path: string, homes: readonly string[]): string[] {
  const spelling = SPELLINGS.find(([link]) => path === link || path.startsWith(`${link}/`));
  const entry = namesOf(spelling ? spelling[1] + path.slice(spelling[0].length) : path);
  const given = POWERFUL_SOCKETS.flatMap(([socket, gives]) => {
    const places = socket.startsWith('~')
      ? homes.map((home) => namesOf(home).concat(namesOf(socket.slice(1))))
      : [namesOf(socket)];
    return places.some((place) => meet(place, entry)) ? [gives] : [];
  });
  return [...new Set(given)];
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

/** Whether one of both is the other or lies beneath it. */
function meet(pattern: readonly string[], names: readonly string[]): boolean {
  const both = Math.min(pattern.length, names.length);
  return pattern.slice(0, both).every((name, at) => fits(name, names[at] ?? ''));
}

function fits(pattern: string, name: string): boolean {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${text}$`).test(name);
}
