/* The process that waits in a system call which the filter handed to us: what it asks for, and
 * its socket. All of it is hostile, multi-threaded and gone at any moment. */
#ifndef SRT_CALLER_H
#define SRT_CALLER_H

#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Copies the address argument of a connect(2) or bind(2). Returns its length, or -1 when it cannot be read
 * or is none that a socket takes; then the kernel has the right errno for the caller. */
socklen_t read_address(const struct seccomp_notif *call, struct sockaddr_storage *address);

/* Our own descriptor of the caller's open socket (pidfd_getfd(2), since Linux 5.6), so that what
 * we do with it is done to it. Returns -1 with errno. */
int copy_socket(const struct seccomp_notif *call);

/* The name of the process, at most 15 bytes (proc(5), comm); empty when it cannot be read. */
size_t read_name(pid_t pid, char name[16]);

#endif
