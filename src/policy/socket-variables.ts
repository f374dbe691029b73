/* Where variables say that a socket is, so that they can be passed on when it may be connected to. */

type ReadValue = (name: string) => string;

/** `unix:path=/run/user/1000/bus,guid=...;...` (D-Bus specification, server addresses). */
function busPaths(value: string): string[] {
  return value.split(';').flatMap((address) => {
    const path = /^unix:(?:.*,)?path=([^,]*)/.exec(address)?.[1];
    return path === undefined ? [] : [unescaped(path)];
  });
}

function unescaped(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** `:0.0`, of the X server on this machine. */
function displayPaths(value: string): string[] {
  const number = /^(?:unix)?:(\d+)(?:\.\d+)?$/.exec(value)?.[1];
  return number === undefined ? [] : [`/tmp/.X11-unix/X${number}`];
}

function runtimePaths(value: string, read: ReadValue): string[] {
  return [value.startsWith('/') ? value : `${read('XDG_RUNTIME_DIR')}/${value}`];
}

/** `/path`, `unix:/path`, `unix:///path`. */
function plainPaths(value: string): string[] {
  return [value.replace(/^unix:(\/\/)?/, '')];
}

/** Of streams alone: what is sent to in datagrams cannot be reached. */
const VARIABLES = new Map<string, (value: string, read: ReadValue) => string[]>([
  ['SSH_AUTH_SOCK', plainPaths],
  ['GPG_AGENT_INFO', (value) => plainPaths(value.replace(/:\d+:\d+$/, ''))],
  ['GNOME_KEYRING_CONTROL', plainPaths],
  ['DBUS_SESSION_BUS_ADDRESS', busPaths],
  ['DBUS_SYSTEM_BUS_ADDRESS', busPaths],
  ['AT_SPI_BUS_ADDRESS', busPaths],
  ['DISPLAY', displayPaths],
  ['XAUTHORITY', (_value, read) => displayPaths(read('DISPLAY'))],
  ['WAYLAND_DISPLAY', runtimePaths],
  ['SWAYSOCK', plainPaths],
  ['I3SOCK', plainPaths],
  ['WSL_INTEROP', plainPaths],
  ['VSCODE_IPC_HOOK', plainPaths],
  ['VSCODE_IPC_HOOK_CLI', plainPaths],
  ['VSCODE_GIT_IPC_HANDLE', plainPaths],
  ['NVIM', plainPaths],
  ['NVIM_LISTEN_ADDRESS', plainPaths],
  ['KITTY_LISTEN_ON', plainPaths],
  ['ALACRITTY_SOCKET', plainPaths],
  ['WEZTERM_UNIX_SOCKET', plainPaths],
  ['DOCKER_HOST', plainPaths],
  ['CONTAINER_HOST', plainPaths],
  ['PULSE_SERVER', plainPaths],
]);

/** The absolute paths of the sockets that the variable names; none for other variables. */
export function socketPaths(name: string, read: ReadValue): string[] {
  const paths = VARIABLES.get(name)?.(read(name), read) ?? [];
  return paths.filter((path) => path.startsWith('/'));
}
