import type { ProtectedName } from '../protected-name.ts';

/* Locks such as config.lock are left out: it is the rename into place that is refused. Of what a
 * rebase keeps, which holds commands too, see git-rebase. */
export const VERSION_CONTROL: readonly ProtectedName[] = [
  {
    name: 'git-hooks',
    within: 'tree',
    dependencies: true,
    paths: ['.git/hooks/*'],
    files: ['.git/hooks'],
    /* git init and clone put them there, and git never runs them. */
    except: ['.git/hooks/*.sample'],
    reason: 'git runs them at commits, checkouts, merges and pushes',
  },
  {
    name: 'git-config',
    within: 'tree',
    dependencies: true,
    paths: ['.git/config', '.git/config.worktree', '.git/worktrees/*/config.worktree'],
    reason: 'names programs that any git command runs, git status too, and the folder of the hooks',
  },
  {
    name: 'git-pointer',
    within: 'tree',
    dependencies: true,
    paths: ['.git/commondir', '.git/worktrees/*/commondir'],
    files: ['.git'],
    reason: 'sends git to a repository elsewhere, with a configuration and hooks of its own',
  },
  {
    name: 'git-attributes',
    within: 'tree',
    dependencies: true,
    paths: ['.git/info/attributes'],
    reason: 'chooses, unseen by git diff, the files that go through configured programs',
  },
  {
    name: 'git-submodules',
    within: 'tree',
    dependencies: true,
    paths: [
      '.git/modules/**/config',
      '.git/modules/**/config.worktree',
      '.git/modules/**/commondir',
      '.git/modules/**/hooks/*',
      '.git/modules/**/info/attributes',
    ],
    except: ['.git/modules/**/hooks/*.sample'],
    reason: 'the same as in .git itself, for git commands that enter a submodule',
  },
  {
    name: 'git-rebase',
    within: 'tree',
    dependencies: true,
    paths: [
      '.git/rebase-merge',
      '.git/rebase-apply',
      '.git/worktrees/*/rebase-merge',
      '.git/worktrees/*/rebase-apply',
      '.git/modules/**/rebase-merge',
      '.git/modules/**/rebase-apply',
    ],
    reason: 'git rebase --continue runs the commands of its exec lines; every rebase writes it',
    optional: true,
  },
  {
    name: 'gitmodules',
    within: 'tree',
    dependencies: true,
    paths: ['.gitmodules'],
    reason: 'says what git submodule update fetches; checkouts, merges and clones write it',
    optional: true,
  },
  {
    name: 'mercurial',
    within: 'tree',
    dependencies: true,
    paths: ['.hg/hgrc', '.hg/hgrc-not-shared', '.hg/sharedpath'],
    reason: 'names hooks and extensions that any hg command runs, or another repository',
  },
  {
    name: 'jujutsu',
    within: 'tree',
    dependencies: true,
    paths: ['.jj/repo/config.toml', '.jj/repo/workspace-config.toml', '.jj/workspace-config.toml'],
    files: ['.jj/repo'],
    reason: 'names programs that jj runs, or another repository',
  },
  {
    name: 'sapling',
    within: 'tree',
    dependencies: true,
    paths: ['.sl/config', '.sl/sharedpath'],
    reason: 'names hooks and extensions that any sl command runs, or another repository',
  },
];
