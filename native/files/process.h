/* Where a process of the command looks from: its working directory, its descriptors, its umask. */
#ifndef SRT_PROCESS_H
#define SRT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
  pid_t thread, group; /* as numbered in the sandbox; the group is what programs call a process */
  int folder;          /* /proc/THREAD; of no other thread, whoever gets the number later */
  mode_t umask;            /* as it was known when `generation` was present */
  unsigned int generation;
};

/* The process that a call came from, until the next one is asked for. NULL with ESRCH once it is
 * gone, or with what keeps us from looking. */
struct process *find_process(pid_t thread);

/* Makes its mask the one of what is made here (default ACLs come out right by that). */
void take_umask(const struct process *process);

/* The thread is about to call umask(2): what is known of masks may be wrong from then on. */
void note_umask(pid_t thread, mode_t mask);

/* The directory that relative paths begin at, for the argument of an *at call. Opened with O_PATH.
 * Returns -1 with the errno for the caller. */
int open_start(const struct process *process, int dirfd);

/* The object behind a descriptor of the caller's, with O_PATH. Returns -1 with EBADF. */
int open_descriptor(const struct process *process, int fd);

/* Whether a descriptor of the caller's neither reads nor writes, as with O_PATH (proc(5), the mode of
 * the link in /proc/PID/fd). */
bool is_path_only(const struct process *process, int fd);

/* Copies a path of the caller's memory. Returns 0, or the errno that the kernel would answer:
 * EFAULT, ENAMETOOLONG. `path` has room for PATH_MAX. */
int read_path(const struct process *process, unsigned long address, char *path);

/* What is followed and has a slash behind it is a folder: `x/` is `x/.`. */
bool ends_in_slash(const char *path);

/* Whether a signal waits for the thread, so that a blocking call of it would end with EINTR or begin
 * anew. Those without a handler too: until the call ends, the kernel neither stops the thread nor
 * ends it with a core (SIGSTOP, SIGTSTP, SIGQUIT). One that is ignored does not wait. */
bool has_signal(const struct process *process);

/* Whether /proc/NUMBER is of srt-init: its memory and descriptors are nobody else's. */
bool is_own_thread(long number);

#endif
