/** A folder of the caller's alone, by one that is there already, and the names below that. srt
 * follows no link at the names: an earlier run may have put one there. */
export interface OwnFolder {
  /** Absolute. */
  base: string;
  below: readonly string[];
}

export interface CachePolicy {
  /** Where the kept caches of all sandboxes are, each in a folder of its name: unseen in every
   * sandbox but for its own. */
  store: OwnFolder;
  /** What this sandbox has: nothing of its own, caches that end with it, or those of a name. */
  own: 'none' | 'run' | { name: string };
}

/** What a sandbox may be called: never "..", never with a slash. */
export const SANDBOX_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What each tool calls the folder that it fills by itself, and the folder that it gets below the
 * caches of the sandbox. Not here is what says where somebody's work or configuration is, such as
 * XDG_DATA_HOME, RUSTUP_HOME or PYTHONUSERBASE: a tool that is installed there would be gone. Nor
 * is YARN_CACHE_FOLDER, which would move the cache that a project keeps beside its sources. */
export const CACHE_VARIABLES: readonly (readonly [
  variable: string,
  folder: string,
  holds: string,
])[] = [
  ['XDG_CACHE_HOME', 'xdg', 'what follows the XDG Base Directory Specification'],
  ['npm_config_cache', 'npm', 'npm, npx'],
  /* npm reads names in any case and lets the last one win. */
  ['NPM_CONFIG_CACHE', 'npm', 'npm, npx'],
  ['PNPM_HOME', 'pnpm', 'pnpm: its store, and what it installs globally'],
  /* npm would warn of npm_config_store_dir, which is what older ones read. */
  ['pnpm_config_store_dir', 'pnpm/store', 'pnpm 11 and later'],
  ['YARN_GLOBAL_FOLDER', 'yarn', 'Yarn 2 and later'],
  ['BUN_INSTALL_CACHE_DIR', 'bun', 'Bun'],
  ['DENO_DIR', 'deno', 'Deno'],
  ['PUPPETEER_CACHE_DIR', 'puppeteer', "Puppeteer's browsers"],
  ['PIP_CACHE_DIR', 'pip', 'pip'],
  ['UV_CACHE_DIR', 'uv', 'uv, uvx'],
  ['UV_TOOL_DIR', 'uv-tools', 'uv, uvx'],
  ['UV_TOOL_BIN_DIR', 'bin', 'uv tool install'],
  ['PIPX_HOME', 'pipx', 'pipx'],
  ['PIPX_BIN_DIR', 'bin', 'pipx install'],
  ['POETRY_CACHE_DIR', 'poetry', 'Poetry, its virtual environments too'],
  ['CARGO_HOME', 'cargo', 'Cargo: the registry, and what it installs'],
  ['SCCACHE_DIR', 'sccache', 'sccache'],
  ['GOCACHE', 'go-build', 'Go'],
  /* Its checksums have no variable of their own. */
  ['GOPATH', 'go', 'Go: modules, their checksums, and what it installs'],
  ['GOMODCACHE', 'go/pkg/mod', 'Go'],
  ['GRADLE_USER_HOME', 'gradle', 'Gradle'],
  ['CCACHE_DIR', 'ccache', 'ccache'],
  ['COMPOSER_CACHE_DIR', 'composer', 'Composer'],
];
