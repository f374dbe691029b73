/* What srt has to say of single variables, without being asked. */

/** Point at what no sandbox reaches: sockets, descriptors, sessions. A program that finds such a
 * variable tries, and fails late; without it most take another way. Nobody is told of these. */
export const OUT_OF_REACH: readonly (readonly [name: string, pointsTo: string])[] = [
  ['SSH_AUTH_SOCK', "the SSH agent's socket"],
  ['SSH_AGENT_PID', 'the SSH agent'],
  ['GPG_AGENT_INFO', "the OpenPGP agent's socket"],
  ['GNOME_KEYRING_CONTROL', "the keyring's socket"],
  ['KRB5CCNAME', 'Kerberos tickets'],
  ['DBUS_SESSION_BUS_ADDRESS', "the session bus's socket"],
  ['DBUS_SYSTEM_BUS_ADDRESS', "the system bus's socket"],
  ['AT_SPI_BUS_ADDRESS', "the accessibility bus's socket"],
  ['DISPLAY', 'the X server'],
  ['XAUTHORITY', 'the key to the X server'],
  ['WAYLAND_DISPLAY', "the Wayland compositor's socket"],
  ['WAYLAND_SOCKET', 'a descriptor, which is closed'],
  ['SWAYSOCK', "the compositor's socket"],
  ['I3SOCK', "the window manager's socket"],
  ['SESSION_MANAGER', "the session manager's socket"],
  ['XDG_RUNTIME_DIR', "the folder of the session's sockets, which is not writable"],
  ['NOTIFY_SOCKET', "the service manager's socket"],
  ['JOURNAL_STREAM', 'the journal, to whose socket programs then log in the place of stderr'],
  ['LISTEN_FDS', 'descriptors, which are closed'],
  ['LISTEN_PID', 'descriptors, which are closed'],
  ['LISTEN_FDNAMES', 'descriptors, which are closed'],
  ['NODE_CHANNEL_FD', 'a descriptor, which is closed'],
  ['NODE_CHANNEL_SERIALIZATION_MODE', 'a descriptor, which is closed'],
  ['WSL_INTEROP', 'the socket by which Windows programs are started'],
  ['VSCODE_IPC_HOOK', "the editor's socket"],
  ['VSCODE_IPC_HOOK_CLI', "the editor's socket"],
  ['VSCODE_GIT_IPC_HANDLE', "the editor's socket"],
  ['NVIM', "the editor's socket"],
  ['NVIM_LISTEN_ADDRESS', "the editor's socket"],
  ['KITTY_LISTEN_ON', "the terminal's socket"],
  ['ALACRITTY_SOCKET', "the terminal's socket"],
  ['WEZTERM_UNIX_SOCKET', "the terminal's socket"],
];

/** The same of every name that such a pattern fits. */
export const OUT_OF_REACH_PATTERNS: readonly (readonly [pattern: string, pointsTo: string])[] = [
  ['*_ASKPASS', 'a program that asks for a password on the desktop or in an editor'],
];

/** The same as long as the value begins with UNIX_SOCKET; it may be a network address too. */
export const OUT_OF_REACH_BY_VALUE: readonly (readonly [name: string, pointsTo: string])[] = [
  ['DOCKER_HOST', "the container engine's socket"],
  ['CONTAINER_HOST', "the container engine's socket"],
  ['PULSE_SERVER', "the sound server's socket"],
];

export const UNIX_SOCKET = 'unix:';

/** Have the dynamic loader put code into every program, whichever it is: a hook of the host's
 * session, which may sit between a program and the calls that srt mediates, and whose file may
 * not exist inside. srt says so, because somebody may want the hook.
 * Not here is what one interpreter reads and its users rely on: NODE_OPTIONS (memory limits),
 * PYTHONPATH, PYTHONSTARTUP, RUBYOPT (Bundler), PERL5OPT, JAVA_TOOL_OPTIONS, BASH_ENV (modules on
 * clusters), ENV (which is "production" in many a service); nor LD_LIBRARY_PATH, which says where
 * libraries lie and loads none, nor GLIBC_TUNABLES, which loads nothing: a command gains no right
 * by its own environment, and no set-user-ID program runs inside. */
export const LOADERS: readonly (readonly [name: string, does: string])[] = [
  ['LD_PRELOAD', 'loads libraries into every program'],
  ['LD_AUDIT', 'loads auditors into every program'],
  ['DYLD_INSERT_LIBRARIES', 'loads libraries into every program (macOS)'],
];

/** The variables by which one program or another is told of a proxy, which cannot be reached from
 * inside, and whose URL may hold a corporate proxy's password. */
export const PROXY_VARIABLE =
  /^((.+_)?(https?|all|ftp|socks[45]?|rsync|grpc|wss?|no)_proxy(_(auth|user(name)?|pass(word)?))?|npm_config_(no)?proxy|pip_proxy|cloudsdk_proxy_.+)$/i;

/** What srt sets itself, in every sandbox. */
export const OWN_VARIABLES = [
  'SANDBOX_RUNTIME',
  'TMPDIR',
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'ALL_PROXY',
  'all_proxy',
  'NO_PROXY',
  'no_proxy',
  'NODE_USE_ENV_PROXY',
] as const;

/** What a clean environment begins with: who and where the user is, how to find programs, how to
 * write to the terminal. */
export const CLEAN_BASE: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'PWD',
  'TERM',
  'COLORTERM',
  'LANG',
  'LANGUAGE',
  'TZ',
];

/** The same by pattern. */
export const CLEAN_PATTERNS: readonly string[] = ['LC_*'];

/** Lists of patterns that settings can name. They match in upper and lower case alike, and each has
 * a `*`, so that a name that is written out is always more specific. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  /** Not denied on its own: clients give MCP servers their keys in just such variables. */
  '@secrets': [
    '*TOKEN',
    '*TOKEN_*',
    '*SECRET*',
    '*PASSWORD*',
    '*PASSWD*',
    '*PASSPHRASE*',
    '*_PASS',
    '*_PWD',
    '*SSHPASS',
    '*APIKEY*',
    '*_KEY',
    '*_KEY_*',
    '*PRIVATEKEY*',
    '*CREDENTIAL*',
    '*_AUTH',
    '*_JWT',
    '*_PAT',
    '*_COOKIE',
    '*OP_SESSION_*',
    '*BW_SESSION',
    '*_DSN',
    '*DATABASE_URL',
    '*REDIS_URL',
    '*MONGODB_URI',
    '*_CONNECTION_STRING',
    '*_WEBHOOK_URL',
  ],
};
