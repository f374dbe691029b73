#ifndef SRT_SYSCALL_FILTER_H
#define SRT_SYSCALL_FILTER_H

/* Installs the filter on this process for good (seccomp(2); needs no_new_privs).
 * Returns 0, or -1 with errno. */
int install_syscall_filter(void);

#endif
