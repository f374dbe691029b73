/* What docs/settings.md says of git in a folder that can be written. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { requires } from '../support/requires.ts';
import { type Scratch, scratch, srt } from '../support/srt.ts';

const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'Somebody'],
      [`GIT_${who}_EMAIL`, 'somebody@example.com'],
    ]),
  ),
};

const hasGit = (() => {
  try {
    return execFileSync('git', ['--version']).length > 0;
  } catch {
    return false;
  }
})();
const withGit = requires('git', hasGit);

let dir: Scratch;
beforeEach(() => {
  dir = scratch();
  const make =
    'git init -q repo && cd repo && git commit -q --allow-empty -m one && git clone -q . ../other';
  execFileSync('sh', ['-c', make], { cwd: dir.folder('work'), env, stdio: 'pipe' });
});
afterEach(() => dir.remove());

/** The exit status of a script in the writable folder, and what git says. */
async function git(script: string, off: readonly string[] = []) {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'], protect: { off } } });
  const { code, stderr } = await srt(['-s', settings, '--', 'sh', '-c', script], {
    cwd: `${dir.path}/work`,
    env,
  });
  return { code, stderr };
}

withGit('commits, branches, merges, stashes, rebases, tags and gc', async () => {
  const { code } = await git(`cd repo && set -e
    echo 1 > f; git add f; git commit -qm two; git checkout -q -b topic
    echo 2 > f; git stash -q; git stash pop -q; git commit -qam three
    git checkout -q -; git merge -q topic; git rebase -q topic; git branch -D -q topic
    git tag v1; git gc -q; git fetch -q ../other; git push -q ../other HEAD:refs/heads/new`);
  expect(code).toBe(0);
});

const ROWS = [
  ['git init new', ['git-config']],
  ['git clone -q repo new', ['git-config']],
  ['cd repo && git config user.name Somebody', ['git-config']],
  ['cd repo && git remote add other ../other', ['git-config']],
  ['cd repo && git branch -m renamed', ['git-config']],
  ['cd repo && git worktree add ../new', ['git-pointer']],
  ['cd repo && git submodule add ../other new', ['git-config', 'git-pointer', 'git-submodules']],
] as const;

withGit.each(ROWS)('%s: fails, unless names are off', async (script: string) => {
  const refused = await git(script);
  expect(refused.stderr).toContain('Permission denied');
  expect(refused.code).not.toBe(0);
});

withGit.each(ROWS)('%s: works with these off', async (script: string, off: string[]) => {
  expect(await git(script, off)).toEqual({ code: 0, stderr: expect.any(String) });
});

withGit('a failed init leaves a .git without configuration, a failed clone nothing', async () => {
  await git('git init -q one; git clone -q repo two');
  const there = ['one/.git', 'one/.git/config', 'two'].map((path) =>
    existsSync(`${dir.path}/work/${path}`),
  );
  expect(there).toEqual([true, false, false]);
});

withGit(
  'all of them work in /tmp, and a repository comes from there without configuration',
  async () => {
    const { code, stderr } = await git(`from=$PWD; cd /tmp && set -e
    git init -q x; git clone -q $from/repo y; cd y; git worktree add -q ../z
    git submodule --quiet add $from/other sub; cd ..; git clone -q $from/repo w; mv w $from/moved`);
    expect(code).toBe(1);
    expect(stderr).toContain("moved/.git/config': Permission denied");
    expect(existsSync(`${dir.path}/work/moved/.git/HEAD`)).toBe(true);
    expect(existsSync(`${dir.path}/work/moved/.git/config`)).toBe(false);
  },
);
