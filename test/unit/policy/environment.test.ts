import { createEnvironmentDecider } from '../../../src/policy/environment.ts';
import { GROUPS, LOADERS, OUT_OF_REACH } from '../../../src/policy/environment-rules.ts';
import { matchesParts, patternFilter } from '../../../src/policy/variable-pattern.ts';
import { environmentPolicy } from '../rules.ts';

type Lists = Parameters<typeof environmentPolicy>[0];

function decide(lists: Lists, entry: string) {
  const [name = '', value = 'x'] = entry.split(/(?<=.)=/);
  return createEnvironmentDecider(environmentPolicy(lists), () => value)(name);
}

const passes = (lists: Lists, entry: string) => decide(lists, entry).passed;

describe('without lists', () => {
  test.each([
    ...['HOME', 'PATH', 'EDITOR', 'AWS_SECRET_ACCESS_KEY', 'NPM_TOKEN', 'EXAMPLE_API_KEY'],
    ...['NODE_OPTIONS', 'BASH_ENV', 'ENV', 'PYTHONSTARTUP', 'PYTHONPATH', 'PERL5OPT', 'RUBYOPT'],
    ...['LD_LIBRARY_PATH', 'GLIBC_TUNABLES', 'LD_BIND_NOW', 'XDG_CONFIG_HOME', 'SSH_CONNECTION'],
    ...['DOCKER_HOST=tcp://127.0.0.1:2375', 'DOCKER_HOST=ssh://example.com', 'DOCKER_HOST='],
    ...['PULSE_SERVER=tcp:127.0.0.1', 'ASKPASS', 'SSH_ASKPASS_REQUIRE', 'display', 'MY_DISPLAY'],
    ...['', ' ', 'a b', '=', '=C:', '\xff', 'é', '__proto__', 'constructor', 'toString'],
    ...['GOPROXY', 'PROXY', 'HTTP_PROXY_RETRIES'],
  ])('%j is passed on', (entry) => {
    expect(passes({}, entry)).toBe(true);
  });

  test.each([
    ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'GPG_AGENT_INFO', 'DBUS_SESSION_BUS_ADDRESS'],
    ...['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'KRB5CCNAME', 'XDG_RUNTIME_DIR'],
    ...['GIT_ASKPASS', 'SSH_ASKPASS', 'SUDO_ASKPASS', '_ASKPASS', 'NODE_CHANNEL_FD', 'LISTEN_FDS'],
    ...['DOCKER_HOST=unix:///var/run/docker.sock', 'PULSE_SERVER=unix:/run/x', 'VSCODE_IPC_HOOK'],
    ...['LD_PRELOAD', 'LD_AUDIT', 'HTTP_PROXY', 'ftp_proxy', 'npm_config_https_proxy'],
  ])('%j is not', (entry) => {
    expect(passes({}, entry)).toBe(false);
    expect(decide({}, entry).reason).not.toBe('');
  });

  test('only those of the loader are worth telling', () => {
    const names = [...OUT_OF_REACH, ...LOADERS].map(([name]) => name.replace('*', 'x'));
    expect(names.filter((name) => decide({}, name).tell)).toEqual(LOADERS.map(([name]) => name));
  });
});

/* The more specific wins: an exact name, then more characters that are not `*`. At a tie the deny
 * wins; what is written out beats a group, and a group what srt brings. */
describe('which list wins', () => {
  test.each<[Lists, string, boolean]>([
    [{ deny: ['A'] }, 'A', false],
    [{ deny: ['A'] }, 'AA', true],
    [{ deny: ['A'] }, 'a', true],
    [{ deny: ['AWS_*'] }, 'AWS_X', false],
    [{ deny: ['AWS_*'] }, 'AWS_', false],
    [{ deny: ['AWS_*'] }, 'AWS', true],
    [{ deny: ['*_X'] }, '_X', false],
    [{ deny: ['A*A'] }, 'A', true],
    [{ deny: ['A*A'] }, 'AA', false],
    [{ deny: ['*A*B*'] }, 'xAxBx', false],
    [{ deny: ['*A*B*'] }, 'BA', true],
    [{ deny: ['A*B*BC'] }, 'ABC', true],
    [{ deny: ['A*B*BC'] }, 'ABBC', false],
    [{ deny: ['A**B'] }, 'AB', false],
    [{ deny: ['*'] }, '', false],
    [{ deny: ['*'] }, 'PATH', false],
    [{ deny: ['a.c'] }, 'abc', true],
    [{ deny: ['A'], pass: ['A'] }, 'A', false],
    [{ deny: ['A*'], pass: ['A*'] }, 'AB', false],
    [{ deny: ['A*'], pass: ['*B'] }, 'AB', false],
    [{ deny: ['A*'], pass: ['AB*'] }, 'ABC', true],
    [{ deny: ['AB*'], pass: ['A*'] }, 'ABC', false],
    [{ deny: ['A*'], pass: ['AB'] }, 'AB', true],
    [{ deny: ['AB'], pass: ['A*'] }, 'AB', false],
    [{ deny: ['ABCDEF*'], pass: ['ABCDEFG'] }, 'ABCDEFG', true],
    [{ deny: ['*'], pass: ['PATH', 'LC_*'] }, 'LC_ALL', true],
    [{ pass: ['SSH_AUTH_SOCK'] }, 'SSH_AUTH_SOCK', true],
    [{ pass: ['SSH_*'] }, 'SSH_AUTH_SOCK', false],
    [{ pass: ['*'] }, 'SSH_AUTH_SOCK', false],
    [{ pass: ['SSH_AUTH_SOCK'], deny: ['SSH_AUTH_SOCK'] }, 'SSH_AUTH_SOCK', false],
    [{ pass: ['SSH_AUTH_SOCK'], deny: ['SSH_*'] }, 'SSH_AUTH_SOCK', true],
    [{ pass: ['*_ASKPASS'] }, 'GIT_ASKPASS', true],
    [{ pass: ['GIT_ASKPASS'] }, 'GIT_ASKPASS', true],
    [{ pass: ['GIT_*'] }, 'GIT_ASKPASS', false],
    [{ pass: ['LD_PRELOAD'] }, 'LD_PRELOAD', true],
    [{ pass: ['DOCKER_HOST'] }, 'DOCKER_HOST=unix:/x', true],
    [{ deny: ['DOCKER_*'] }, 'DOCKER_HOST=tcp://x', false],
    [{ deny: ['DOCKER_HOST'] }, 'DOCKER_HOST=tcp://x', false],
    [{ pass: ['APP_HTTP_PROXY'] }, 'APP_HTTP_PROXY', true],
    [{ pass: ['*_HTTP_PROXY'] }, 'APP_HTTP_PROXY', false],
  ])('%j %s: %s', (lists, name, expected) => {
    expect(passes(lists, name)).toBe(expected);
  });

  test('a value that a built-in rule asks for does not limit a rule of the user', () => {
    expect(passes({ deny: ['DOCKER_HOST'] }, 'DOCKER_HOST=ssh://x')).toBe(false);
    expect(passes({ mode: 'clean', pass: ['DOCKER_*'] }, 'DOCKER_HOST=ssh://x')).toBe(true);
    expect(passes({ mode: 'clean', pass: ['DOCKER_*'] }, 'DOCKER_HOST=unix:/x')).toBe(false);
  });
});

describe('a clean environment', () => {
  test.each<[Lists, string, boolean]>([
    ...['PATH', 'HOME', 'USER', 'TERM', 'LANG', 'LC_ALL', 'LC_', 'TZ', 'PWD'].map(
      (name): [Lists, string, boolean] => [{}, name, true],
    ),
    ...['EDITOR', 'NODE_OPTIONS', 'LC', 'PATHS', 'path', '', '=C:', 'SSH_AUTH_SOCK'].map(
      (name): [Lists, string, boolean] => [{}, name, false],
    ),
    [{ pass: ['EDITOR'] }, 'EDITOR', true],
    [{ pass: ['*'] }, 'EDITOR', true],
    [{ pass: ['*'] }, 'SSH_AUTH_SOCK', false],
    [{ pass: ['SSH_AUTH_SOCK'] }, 'SSH_AUTH_SOCK', true],
    [{ deny: ['LANG'] }, 'LANG', false],
    [{ deny: ['LC_*'] }, 'LC_ALL', false],
    [{ deny: ['LC_ALL'] }, 'LC_ALL', false],
    [{ deny: ['LC_ALL'] }, 'LC_TIME', true],
    [{ pass: ['AWS_*'], deny: ['*_ACCESS_KEY'] }, 'AWS_SECRET_ACCESS_KEY', false],
    [{ pass: ['@secrets'] }, 'EXAMPLE_API_KEY', true],
  ])('%j %s: %s', (lists, name, expected) => {
    expect(passes({ ...lists, mode: 'clean' }, name)).toBe(expected);
  });

  test('has nothing to tell', () => {
    expect(decide({ mode: 'clean' }, 'LD_PRELOAD')).toMatchObject({ passed: false, tell: false });
  });
});

describe('@secrets', () => {
  const deny = ['@secrets'];
  test.each([
    ...['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'GITHUB_TOKEN'],
    ...['NPM_TOKEN', 'TOKEN', 'SECRET', 'PASSWORD', 'API_KEY', 'EXAMPLE_API_KEY', 'APIKEY'],
    ...['CLIENT_SECRET', 'CLIENT_SECRET_FILE', 'PGPASSWORD', 'MYSQL_PWD', 'SSHPASS', 'DB_PASS'],
    ...['TF_VAR_db_password', 'npm_config__auth', 'npm_config_//example.com/:_authToken'],
    ...['GOOGLE_APPLICATION_CREDENTIALS', 'DATABASE_URL', 'APP_DATABASE_URL', 'REDIS_URL'],
    ...['MONGODB_URI', 'SENTRY_DSN', 'SLACK_WEBHOOK_URL', 'OP_SESSION_abc', 'BW_SESSION'],
    ...['AZURE_STORAGE_CONNECTION_STRING', 'SESSION_COOKIE', 'AZURE_DEVOPS_PAT', 'PRIVATE_KEY'],
  ])('%s is one', (name) => {
    expect(passes({ deny }, name)).toBe(false);
    expect(passes({ deny, pass: [name] }, name)).toBe(true);
  });

  test.each([
    ...['PATH', 'PWD', 'OLDPWD', 'HOME', 'USER', 'TERM', 'DESKTOP_SESSION', 'MONKEY', 'KEYBOARD'],
    ...['MAX_OUTPUT_TOKENS', 'TOKENIZERS_PARALLELISM', 'XDG_SESSION_ID', 'PASSENGER_ENV'],
    ...['npm_config_registry', 'NODE_OPTIONS', 'AUTHOR', 'GIT_AUTHOR_NAME', 'COMPATIBLE'],
  ])('%s is none', (name) => {
    expect(passes({ deny }, name)).toBe(true);
  });

  test.each<[Lists, string, boolean]>([
    [{ pass: ['*TOKEN'] }, 'NPM_TOKEN', true],
    [{ pass: ['NPM_*'] }, 'NPM_TOKEN', false],
    [{ pass: ['EXAMPLE_*'] }, 'EXAMPLE_TOKEN', true],
    [{ pass: ['@secrets'] }, 'NPM_TOKEN', false],
    [{ pass: ['*'] }, 'NPM_TOKEN', false],
  ])('denied, with %j %s: %s', (lists, name, expected) => {
    expect(passes({ ...lists, deny }, name)).toBe(expected);
  });

  test('says by which entry', () => {
    expect(decide({ deny }, 'NPM_TOKEN').reason).toBe('env.deny "@secrets" (settings.json:1:1)');
  });
});

/* The one expression only spares the search; where it missed a name, a deny would not hold. */
test('what fits a pattern is found by the expression for all of them', () => {
  const letters = ['A', 'B', '*', '.', '$', '(', '\\', '^', '\n', '|'];
  const texts = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
  const names = [...letters, ...texts, 'AAB.$', '(A)B', 'B\nA'].map((text) =>
    text.replaceAll('*', 'AB'),
  );
  for (const pattern of texts) {
    const filter = patternFilter(['no such name', pattern]);
    const missed = names.filter((n) => matchesParts(pattern.split('*'), n) && !filter.test(n));
    if (pattern.includes('*')) expect([pattern, missed]).toEqual([pattern, []]);
  }
});

test('patterns of a group are in capitals and have a *', () => {
  const patterns = Object.values(GROUPS).flat();
  expect(patterns.filter((pattern) => !/^[A-Z_*]+$/.test(pattern))).toEqual([]);
  expect(patterns.filter((pattern) => !pattern.includes('*'))).toEqual([]);
});
