import type { ProtectedName } from './protected-name.ts';
import { PROTECTED_NAMES } from './protected-names.ts';

/** Names of files that a command is there to write, and that programs outside of the sandbox execute
 * later. Nothing is refused, every change is told; below folders of dependencies there would be
 * thousands, of code that is executed whatever it is called. */
const NAMES: readonly Pick<
  ProtectedName,
  'name' | 'files' | 'except' | 'dependencies' | 'reason'
>[] = [
  {
    name: 'javascript-projects',
    files: [
      ...['package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml'],
      ...['pnpm-workspace.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb', 'deno.json', 'deno.jsonc'],
      ...['.pnp.cjs', '.pnp.loader.mjs'],
    ],
    reason: 'scripts that npm and its like run, and the packages whose scripts they run',
  },
  {
    name: 'tool-configuration',
    files: [
      ...['*.config.js', '*.config.cjs', '*.config.mjs', '*.config.ts', '*.config.cts'],
      ...['*.config.mts', '.babelrc*', '.eslintrc*', '.lintstagedrc*', '.mocharc*'],
      ...['.prettierrc*', '.stylelintrc*', 'gruntfile.*', 'gulpfile.*'],
      ...['.flake8', '.mypy.ini', '.pylintrc', '.rubocop*.yml', 'mypy.ini', 'pylintrc'],
    ],
    reason: 'code, or names of code, that linters, bundlers and test runners load, editors too',
  },
  {
    name: 'builds',
    files: [
      ...['Makefile', 'Makefile.*', 'GNUmakefile', '*.mk', 'configure', 'configure.ac'],
      ...['CMakeLists.txt', 'CMakePresets.json', 'CMakeUserPresets.json', 'meson.build'],
      ...['build.ninja', 'BUILD', 'BUILD.bazel', 'MODULE.bazel', 'WORKSPACE', '*.bzl'],
      ...['SConstruct', 'wscript', 'justfile', '.justfile', 'Taskfile*.yml', 'Taskfile*.yaml'],
      ...['build.rs', 'Cargo.toml', 'Cargo.lock', 'rust-toolchain', 'rust-toolchain.toml'],
      ...['go.mod', 'go.work', 'magefile.go', 'mix.exs', 'rebar.config', 'Package.swift'],
      ...['Setup.hs', '*.cabal', 'flake.nix', 'shell.nix', 'default.nix', 'composer.json'],
      ...['*.csproj', '*.fsproj', '*.vbproj', '*.sln', '*.slnx', 'Directory.*.props'],
      ...['Directory.*.targets'],
    ],
    reason: 'commands that make and other build tools run, and what they fetch',
  },
  {
    name: 'jvm-projects',
    files: [
      ...['build.gradle*', 'settings.gradle*', 'gradle.properties', 'pom.xml', 'build.xml'],
      ...['build.sbt', 'project/*.sbt', 'project/*.scala', 'project/build.properties'],
    ],
    reason: 'code that Gradle, Maven, Ant and sbt run, when an editor opens the project too',
  },
  {
    name: 'python-projects',
    files: [
      ...['setup.py', 'setup.cfg', 'pyproject.toml', 'conftest.py', 'noxfile.py', 'tox.ini'],
      ...['pytest.ini', 'tasks.py', 'fabfile.py', 'dodo.py', 'requirements*.txt', 'Pipfile'],
      ...['Pipfile.lock', 'poetry.lock', 'uv.lock', 'sitecustomize.py', 'usercustomize.py'],
      '*.pth',
    ],
    reason: 'code that pip, pytest, the interpreter and others run, and the packages they install',
  },
  {
    name: 'virtual-environments',
    files: ['pyvenv.cfg', 'bin/activate*', 'bin/pip*', 'bin/python*'],
    reason: 'interpreters that editors and shells start, and what shells source to enter',
  },
  {
    name: 'ruby-projects',
    files: [
      ...['Gemfile', 'Gemfile.lock', 'gems.rb', 'gems.locked', '*.gemspec', 'Rakefile'],
      ...['*.rake', '.rspec', 'config.ru', 'Guardfile', 'Dangerfile', 'Fastfile', 'Podfile'],
      'Brewfile',
    ],
    reason: 'code that Bundler, Rake, RSpec and others run, and the packages they install',
  },
  {
    name: 'containers',
    files: [
      ...['Dockerfile', 'Dockerfile.*', '*.Dockerfile', 'Containerfile', 'Containerfile.*'],
      ...['compose*.yml', 'compose*.yaml', 'docker-compose*.yml', 'docker-compose*.yaml'],
      ...['docker-bake.*', 'Vagrantfile', 'Tiltfile', 'Procfile', 'skaffold.yaml'],
    ],
    reason: 'say what containers and machines run, and which folders of the host they get',
  },
  {
    name: 'environment-files',
    files: ['.env', '.env.*'],
    reason: 'variables of programs that are run in the folder, such as NODE_OPTIONS',
  },
  {
    name: 'shared-actions',
    files: ['action.yml', 'action.yaml', '.pre-commit-hooks.yaml'],
    reason: 'commands that workflows and hooks of other projects run',
  },
  {
    name: 'git-repositories',
    dependencies: true,
    /* git takes any folder with HEAD, objects and refs for a repository. Of .git itself there are
     * git-config and git-hooks. */
    files: ['HEAD', '?*.git/config', '?*.git/hooks/*'],
    except: [
      ...['.git/HEAD', '.git/worktrees/*/HEAD', '.git/modules/**/HEAD', '.git/refs/**/HEAD'],
      ...['.git/logs/**/HEAD', '?*.git/hooks/*.sample'],
    ],
    reason: 'a repository without .git around it, whose configuration and hooks git obeys',
  },
];

/** `build` is a folder more often than `BUILD` is a file, so none of them means a folder. */
export const LEFT_OPEN: readonly ProtectedName[] = NAMES.map((entry) => ({
  ...entry,
  within: 'tree',
  paths: [],
}));

type Reason = Pick<ProtectedName, 'name' | 'reason'>;

/** What is told whatever it is called. */
export const OUTWARD_LINK: Reason = {
  name: 'outward-link',
  reason: 'leads to where the command may write nothing: who follows it reads or writes there',
};
export const MOVED_FOLDER: Reason = {
  name: 'moved-folder',
  reason: 'brought files along to where names are told that are not told where it was',
};

/** Those of which every change is told where these are protected: what is not protected, although
 * it could be, is among them. */
export function handedOverNames(inForce: readonly ProtectedName[]): ProtectedName[] {
  const refused = new Set(inForce.map(({ name }) => name));
  return [...LEFT_OPEN, ...PROTECTED_NAMES.filter(({ name }) => !refused.has(name))];
}
