/* Tools that make, lock, move and remove many files, and debuggers that look on. */
import { execFileSync, spawnSync } from 'node:child_process';
import { requires } from '../support/requires.ts';
import { type Ended, type Scratch, scratch, srt } from '../support/srt.ts';

jest.setTimeout(90_000);

const has = (program: string) => !spawnSync(program, ['--version']).error;

let dir: Scratch;
beforeAll(() => {
  dir = scratch();
});
afterAll(() => dir.remove());

/** Runs a script of sh where the folder of that name is writable. */
function inside(name: string, script: string): Promise<Ended> {
  const settings = dir.settings({ filesystem: { allowWrite: ['.'] } });
  const argv = ['-s', settings, '--', 'sh', '-ec', script];
  return srt(argv, { cwd: dir.folder(name), timeout: 60_000 });
}

const GIT = `
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
for i in 1 2 3; do echo $i > file$i; git add .; git commit -qm "$i"; done
git switch -qc side HEAD~1; echo side > side; git add .; git commit -qm side
git rebase -q main; git switch -q main; git merge -q --no-ff -m merge side
echo more >> file1; git stash -q; git stash pop -q; git commit -qam more
git gc -q --prune=now; git repack -adq; git fsck --strict
git clone -q . /tmp/clone; git -C /tmp/clone rev-list --count HEAD`;

/* Who names its hooks in a project is protected (.git/config, and commondir of a worktree), so
 * a repository is made outside or in /tmp, and so are worktrees. */
const WORKTREE = 'git worktree add -q ../tree side; git worktree remove ../tree';
const git = requires('git', has('git'));

git('git in a write root', async () => {
  execFileSync('git', ['init', '-q', '-b', 'main', dir.folder('git/origin')]);
  const { code, stdout, stderr } = await inside('git', `cd origin; ${GIT}`);
  expect([code, stdout, stderr]).toEqual([0, '6\n', '']);
});

git('git in the private /tmp', async () => {
  const script = `git init -q -b main /tmp/origin; cd /tmp/origin; ${GIT}; ${WORKTREE}`;
  const { code, stdout, stderr } = await inside('git-tmp', script);
  expect([code, stdout, stderr]).toEqual([0, '6\n', '']);
});

const MAKE = `
for i in 1 2 3 4 5 6 7 8; do echo "int f$i(void) { return $i; }" > f$i.c; done
echo 'int f8(void); int main(void) { return f8() - 8; }' > main.c
printf 'all: program\\n\\t./program\\nprogram: main.o f1.o f2.o f3.o f4.o f5.o f6.o f7.o f8.o\\n\\t$(CC) -o $@ $^\\n' > Makefile
make -sj4 && make -q program`;

requires('make and a C compiler', has('make') && has('cc'))('make -j4', async () => {
  const { code, stderr } = await inside('make', MAKE);
  expect([code, stderr]).toEqual([0, '']);
});

requires('strace', has('strace'))('strace shows a call as the program made it', async () => {
  const script = 'strace -f -o trace -e trace=openat,mkdir sh -c "mkdir d; : > d/f"; cat trace';
  const { stdout } = await inside('strace', script);
  expect(stdout).toMatch(/mkdir\("d", 0777\) += 0\n/);
  expect(stdout).toMatch(/openat\(AT_FDCWD, "d\/f", O_WRONLY\|O_CREAT\|O_TRUNC, 0666\) = 3\n/);
});

requires('gdb', has('gdb'))('gdb runs a program that makes files', async () => {
  const { stdout } = await inside('gdb', 'gdb -nx -batch -ex run --args touch made; ls');
  expect(stdout).toMatch(/exited normally\]\nmade\n/);
});
