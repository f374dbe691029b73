/* The process that waits in a system call which the filter handed to us: what it asks for, and
 * its socket. All of it is hostile, multi-threaded and gone at any moment. */
#ifndef SRT_CALLER_H
#define SRT_CALLER_H

#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Copies the address argument of a connect(2) or bind(2). Returns 0, or the errno that the kernel
 * would answer: EINVAL for a length that no address has, EFAULT. */
int read_address(const struct seccomp_notif *call, struct sockaddr_storage *address,
                 socklen_t *length);

/* Our own descriptor of the caller's open socket (pidfd_getfd(2), since Linux 5.6), so that what
 * we do with it is done to it. Returns -1 with errno. */
int copy_socket(const struct seccomp_notif *call);

/* Whether the memory and the descriptors of this process, a child that has not called execve yet, are
 * open to us; Yama and other guards may keep them shut (ptrace(2), "Ptrace access mode checking"). */
bool can_look_into(pid_t child, int fd);

/* The name of the process, at most 15 bytes (proc(5), comm); empty when it cannot be read. */
size_t read_name(pid_t pid, char name[16]);

#endif
