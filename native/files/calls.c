#define _GNU_SOURCE
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#include "../must-lock.h"
#include "../notify.h"
#include "changes.h"
#include "opens.h"
#include "renames.h"
#include "telling.h"

#define NR_FCHMODAT2 452 /* Linux 6.6 */

/* The kernel takes these as 32-bit values, whatever is above. */
static int int_of(const struct seccomp_notif *call, int index) {
  return (int)(uint32_t)call->data.args[index];
}

static unsigned int word_of(const struct seccomp_notif *call, int index) {
  return (unsigned int)call->data.args[index];
}

static unsigned long pointer_of(const struct seccomp_notif *call, int index) {
  return (unsigned long)call->data.args[index];
}

static int open_at(const struct seccomp_notif *call, const struct process *process) {
  struct opening opening = {.call = call->id,
                            .caller = process->thread,
                            .flags = int_of(call, 2),
                            .mode = word_of(call, 3) & 07777};
  open_path(process, int_of(call, 0), pointer_of(call, 1), &opening);
  return 0;
}

static int truncate_path(const struct seccomp_notif *call, const struct process *process) {
  struct opening opening = {.call = call->id,
                            .caller = process->thread,
                            .flags = O_WRONLY,
                            .truncating = true,
                            .length = (off_t)call->data.args[1]};
  if (opening.length < 0) return EINVAL;
  open_path(process, AT_FDCWD, pointer_of(call, 0), &opening);
  return 0;
}

static int mkdir_at(const struct seccomp_notif *call, const struct process *process) {
  return make_folder(process, int_of(call, 0), pointer_of(call, 1), word_of(call, 2));
}

static int mknod_at(const struct seccomp_notif *call, const struct process *process) {
  return make_node(process, int_of(call, 0), pointer_of(call, 1), word_of(call, 2),
                   word_of(call, 3));
}

static int symlink_at(const struct seccomp_notif *call, const struct process *process) {
  return make_symlink(process, pointer_of(call, 0), int_of(call, 1), pointer_of(call, 2));
}

static int link_at(const struct seccomp_notif *call, const struct process *process) {
  return make_link(process, int_of(call, 0), pointer_of(call, 1), int_of(call, 2),
                   pointer_of(call, 3), int_of(call, 4));
}

static int rename_at(const struct seccomp_notif *call, const struct process *process) {
  unsigned int flags = call->data.nr == SYS_renameat2 ? word_of(call, 4) : 0;
  return rename_path(process, int_of(call, 0), pointer_of(call, 1), int_of(call, 2),
                     pointer_of(call, 3), flags);
}

static int unlink_at(const struct seccomp_notif *call, const struct process *process) {
  return remove_path(process, int_of(call, 0), pointer_of(call, 1), int_of(call, 2));
}

static int chmod_at(const struct seccomp_notif *call, const struct process *process) {
  int flags = call->data.nr == NR_FCHMODAT2 ? int_of(call, 3) : 0;
  return change_mode(process, int_of(call, 0), pointer_of(call, 1), word_of(call, 2), flags);
}

static int chmod_open(const struct seccomp_notif *call, const struct process *process) {
  return change_mode_of(process, int_of(call, 0), word_of(call, 1));
}

#ifdef SYS_open /* x86-64 has the older calls too */
static int open_here(const struct seccomp_notif *call, const struct process *process) {
  struct opening opening = {.call = call->id,
                            .caller = process->thread,
                            .flags = int_of(call, 1),
                            .mode = word_of(call, 2) & 07777};
  open_path(process, AT_FDCWD, pointer_of(call, 0), &opening);
  return 0;
}

static int creat_here(const struct seccomp_notif *call, const struct process *process) {
  struct opening opening = {.call = call->id,
                            .caller = process->thread,
                            .flags = O_CREAT | O_WRONLY | O_TRUNC,
                            .mode = word_of(call, 1) & 07777};
  open_path(process, AT_FDCWD, pointer_of(call, 0), &opening);
  return 0;
}

static int mkdir_here(const struct seccomp_notif *call, const struct process *process) {
  return make_folder(process, AT_FDCWD, pointer_of(call, 0), word_of(call, 1));
}

static int mknod_here(const struct seccomp_notif *call, const struct process *process) {
  return make_node(process, AT_FDCWD, pointer_of(call, 0), word_of(call, 1), word_of(call, 2));
}

static int symlink_here(const struct seccomp_notif *call, const struct process *process) {
  return make_symlink(process, pointer_of(call, 0), AT_FDCWD, pointer_of(call, 1));
}

static int link_here(const struct seccomp_notif *call, const struct process *process) {
  return make_link(process, AT_FDCWD, pointer_of(call, 0), AT_FDCWD, pointer_of(call, 1), 0);
}

static int rename_here(const struct seccomp_notif *call, const struct process *process) {
  return rename_path(process, AT_FDCWD, pointer_of(call, 0), AT_FDCWD, pointer_of(call, 1), 0);
}

static int unlink_here(const struct seccomp_notif *call, const struct process *process) {
  return remove_path(process, AT_FDCWD, pointer_of(call, 0), 0);
}

static int rmdir_here(const struct seccomp_notif *call, const struct process *process) {
  return remove_path(process, AT_FDCWD, pointer_of(call, 0), AT_REMOVEDIR);
}

static int chmod_here(const struct seccomp_notif *call, const struct process *process) {
  return change_mode(process, AT_FDCWD, pointer_of(call, 0), word_of(call, 1), 0);
}
#endif

const struct file_call file_calls[] = {
    {SYS_openat, 2, open_at, true},
#ifdef SYS_open
    {SYS_open, 1, open_here, true},
    {SYS_creat, -1, creat_here, true},
    {SYS_mkdir, -1, mkdir_here, false},
    {SYS_mknod, -1, mknod_here, false},
    {SYS_symlink, -1, symlink_here, false},
    {SYS_link, -1, link_here, false},
    {SYS_rename, -1, rename_here, false},
    {SYS_unlink, -1, unlink_here, false},
    {SYS_rmdir, -1, rmdir_here, false},
    {SYS_chmod, -1, chmod_here, false},
#endif
#ifdef SYS_renameat
    {SYS_renameat, -1, rename_at, false},
#endif
    {SYS_truncate, -1, truncate_path, true},
    {SYS_mkdirat, -1, mkdir_at, false},
    {SYS_mknodat, -1, mknod_at, false},
    {SYS_symlinkat, -1, symlink_at, false},
    {SYS_linkat, -1, link_at, false},
    {SYS_renameat2, -1, rename_at, false},
    {SYS_unlinkat, -1, unlink_at, false},
    {SYS_fchmodat, -1, chmod_at, false},
    {NR_FCHMODAT2, -1, chmod_at, false},
    {SYS_fchmod, -1, chmod_open, false},
};
const size_t file_call_count = sizeof file_calls / sizeof *file_calls;

static const struct file_call *find_call(int number) {
  for (size_t i = 0; i < file_call_count; i++)
    if (file_calls[i].number == number) return &file_calls[i];
  return NULL;
}

/* Held while a call is performed and told of. */
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool ending;

static bool consider(const struct seccomp_notif *call) {
  if (call->data.nr == SYS_umask) note_umask((pid_t)call->pid, (mode_t)call->data.args[0]);
  const struct file_call *found = find_call(call->data.nr);
  if (!found) return false;
  struct process *process = find_process((pid_t)call->pid);
  int error = process ? found->perform(call, process) : errno;
  if (error != 0 || !found->opens) answer_call(call->id, error);
  return true;
}

bool consider_file_call(const struct seccomp_notif *call) {
  /* Its caller waits for the end; and who takes the lock again and again would keep it from others. */
  if (atomic_load(&ending)) return true;
  must_lock(&changing);
  bool kept = consider(call);
  (void)pthread_mutex_unlock(&changing);
  return kept;
}

/* A call may take as long as its file system does, and nobody is to keep the sandbox from ending. */
enum { PATIENCE_S = 1 };

void finish_file_calls(void) {
  struct timespec until;
  if (clock_gettime(CLOCK_REALTIME, &until) != 0) return;
  until.tv_sec += PATIENCE_S;
  atomic_store(&ending, true);
  if (pthread_mutex_timedlock(&changing, &until) == 0) finish_telling();
}
