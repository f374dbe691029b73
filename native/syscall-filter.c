#define _GNU_SOURCE
#include "syscall-filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "files/calls.h"
#include "filter-program.h"
#include "refused-syscalls.h"
#include "request-filter.h"

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "no syscall filter for this architecture"
#endif

/* x32 calls carry the x86-64 audit architecture and this bit (arch/x86/include/uapi/asm/unistd.h). */
#define X32_SYSCALL_BIT 0x40000000U

#define NAMESPACE_FLAGS                                                                       \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
   CLONE_NEWNET)
/* Means a time namespace to unshare, but is part of the exit signal to clone. */
#define TIME_NAMESPACE_FLAG 0x80

/* The kernel loads modules for others (SCTP, DCCP, L2TP, SMC) when a socket is asked for. MPTCP is a
 * way of TCP that is not mediated as exactly; programs fall back, as where a kernel has none. */
static const unsigned int internet_protocols[] = {0, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP,
                                                  IPPROTO_ICMPV6};
enum { INTERNET_PROTOCOLS = sizeof internet_protocols / sizeof *internet_protocols };

/* include/linux/net.h; what is above are flags. */
#define SOCK_TYPE_MASK 0xf

static void filter_internet_protocol(struct program *p) {
  load_argument(p, 2);
  for (size_t i = 0; i < INTERNET_PROTOCOLS; i++) {
    jump(p, BPF_JEQ, internet_protocols[i], 0, 1);
    verdict(p, SECCOMP_RET_ALLOW);
  }
  refuse(p, EPROTONOSUPPORT);
}

/* A path socket reaches daemons of the host (docker.sock, D-Bus, agents) through a read-only mount,
 * and no filter can read the path. Where srt-init reads it, those remain that are connected once; a
 * datagram socket, as which the kernel takes SOCK_RAW too, is addressed anew by each message. */
static void filter_unix_socket(struct program *p, bool mediated) {
  if (mediated) {
    load_argument(p, 1);
    statement(p, BPF_ALU | BPF_AND | BPF_K, SOCK_TYPE_MASK);
    jump(p, BPF_JEQ, SOCK_STREAM, 1, 0);
    jump(p, BPF_JEQ, SOCK_SEQPACKET, 0, 1);
    verdict(p, SECCOMP_RET_ALLOW);
  }
  refuse(p, EACCES);
}

static void filter_socket(struct program *p, bool unix_sockets) {
  unsigned short start = begin_call(p, SYS_socket);
  load_argument(p, 0);
  jump(p, BPF_JEQ, AF_INET, 1, 0);
  jump(p, BPF_JEQ, AF_INET6, 0, 2 + 2 * INTERNET_PROTOCOLS);
  filter_internet_protocol(p);
  jump(p, BPF_JEQ, AF_UNIX, 0, unix_sockets ? 6 : 1);
  filter_unix_socket(p, unix_sockets);
  jump(p, BPF_JEQ, AF_NETLINK, 0, 3);
  load_argument(p, 2);
  jump(p, BPF_JEQ, 0 /* NETLINK_ROUTE, for getifaddrs */, 0, 1);
  verdict(p, SECCOMP_RET_ALLOW);
  refuse(p, EAFNOSUPPORT);
  end_call(p, start);
}

/* A datagram pair can be re-addressed to any path with sendto(2). */
static void filter_socketpair(struct program *p) {
  unsigned short start = begin_call(p, SYS_socketpair);
  load_argument(p, 0);
  jump(p, BPF_JEQ, AF_UNIX, 1, 0);
  refuse(p, EAFNOSUPPORT);
  load_argument(p, 1);
  statement(p, BPF_ALU | BPF_AND | BPF_K, SOCK_TYPE_MASK);
  jump(p, BPF_JEQ, SOCK_DGRAM, 1, 0);
  jump(p, BPF_JEQ, SOCK_RAW, 0, 1); /* the kernel turns AF_UNIX SOCK_RAW into SOCK_DGRAM */
  refuse(p, EACCES);
  end_call(p, start);
}

static void filter_namespace_flags(struct program *p, int number, unsigned int flags) {
  unsigned short start = begin_call(p, number);
  load_argument(p, 0);
  jump(p, BPF_JSET, flags, 0, 1);
  refuse(p, EPERM);
  end_call(p, start);
}

/* Process 1 has the caller's ids, and with few descriptors or little time of the processor it ends. */
static void filter_limits(struct program *p) {
  unsigned short start = begin_call(p, SYS_prlimit64);
  load_argument(p, 0);
  jump(p, BPF_JEQ, 0, 1, 0);
  refuse(p, EPERM);
  end_call(p, start);
}

/* pid 0 means the caller's process group, even where that is one of the host's. */
static void filter_group_calls(struct program *p) {
  unsigned short start = begin_call(p, SYS_kill);
  load_argument(p, 0);
  jump(p, BPF_JEQ, 0, 0, 1);
  refuse(p, EPERM);
  end_call(p, start);
  static const struct {
    int number;
    unsigned int group;
  } priorities[] = {{SYS_setpriority, 1 /* PRIO_PGRP */}, {SYS_ioprio_set, 2 /* IOPRIO_WHO_PGRP */}};
  for (size_t i = 0; i < sizeof priorities / sizeof *priorities; i++) {
    start = begin_call(p, priorities[i].number);
    load_argument(p, 0);
    jump(p, BPF_JEQ, priorities[i].group, 0, 3);
    load_argument(p, 1);
    jump(p, BPF_JEQ, 0, 0, 1);
    refuse(p, EPERM);
    end_call(p, start);
  }
}

/* Numbers alone can be judged here; what the address says is for srt-init to read (connect.h). */
static void filter_address_call(struct program *p, unsigned int number) {
  jump(p, BPF_JEQ, number, 0, 1);
  verdict(p, SECCOMP_RET_USER_NOTIF);
}

/* Flags of open(2) with which it changes what is there, or makes something. */
#define WRITING (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY))

/* Which file a path means is for srt-init to find (files/place.h), and what opens a file only to read
 * it is not asked about at all. */
static void filter_file_call(struct program *p, const struct file_call *call) {
  if (call->flags < 0) {
    jump(p, BPF_JEQ, (unsigned int)call->number, 0, 1);
    verdict(p, SECCOMP_RET_USER_NOTIF);
    return;
  }
  unsigned short start = begin_call(p, call->number);
  load_argument(p, (unsigned int)call->flags);
  jump(p, BPF_JSET, O_PATH, 2, 0);
  jump(p, BPF_JSET, WRITING, 0, 1);
  verdict(p, SECCOMP_RET_USER_NOTIF);
  end_call(p, start);
}

/* What would go past all of them: openat2 has its flags in memory, and programs do without it. A
 * program that confines itself with Landlock would not be confined in what is done for it. */
static void filter_files(struct program *p) {
  static const unsigned int missing[] = {SYS_openat2, NR_LANDLOCK_CREATE_RULESET,
                                         NR_LANDLOCK_ADD_RULE, NR_LANDLOCK_RESTRICT_SELF};
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
    jump(p, BPF_JEQ, missing[i], 0, 1);
    refuse(p, ENOSYS);
  }
  /* An access list is a mode (acl(5)), and its numbers of users mean others to srt-init. */
  static const unsigned int attributes[] = {SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
                                            NR_SETXATTRAT};
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
    jump(p, BPF_JEQ, attributes[i], 0, 1);
    refuse(p, EOPNOTSUPP);
  }
  for (size_t i = 0; i < file_call_count; i++) filter_file_call(p, &file_calls[i]);
  /* Its argument is a value, so the kernel can go on with it once it was noted. */
  jump(p, BPF_JEQ, SYS_umask, 0, 1);
  verdict(p, SECCOMP_RET_USER_NOTIF);
}

static void build(struct program *p, bool foreign_group, const struct mediation *wanted) {
  statement(p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  jump(p, BPF_JEQ, NATIVE_ARCH, 1, 0);
  verdict(p, SECCOMP_RET_KILL_PROCESS);
  load_number(p);
#if defined(__x86_64__)
  jump(p, BPF_JGE, X32_SYSCALL_BIT, 0, 1);
  verdict(p, SECCOMP_RET_KILL_PROCESS);
#endif
  /* What is not known is not there, as on an older kernel. clone3 hides its flags in memory. */
  jump(p, BPF_JGT, NR_LAST_REVIEWED, 1, 0);
  jump(p, BPF_JEQ, NR_CLONE3, 0, 1);
  refuse(p, ENOSYS);
  if (wanted->files) filter_files(p);
  for (size_t i = 0; i < sizeof refused_syscalls / sizeof *refused_syscalls; i++) {
    jump(p, BPF_JEQ, (unsigned int)refused_syscalls[i], 0, 1);
    refuse(p, EPERM);
  }
  filter_socket(p, wanted->sockets);
  filter_socketpair(p);
  filter_namespace_flags(p, SYS_clone, NAMESPACE_FLAGS);
  filter_namespace_flags(p, SYS_unshare, NAMESPACE_FLAGS | TIME_NAMESPACE_FLAG);
  filter_ioctl(p);
  filter_limits(p);
  if (foreign_group) filter_group_calls(p);
  if (wanted->connects) filter_address_call(p, SYS_connect);
  if (wanted->sockets) filter_address_call(p, SYS_bind);
  verdict(p, SECCOMP_RET_ALLOW);
}

static int install(bool foreign_group, const struct mediation *wanted) {
  struct program program = {.length = 0};
  build(&program, foreign_group, wanted);
  if (program.length == PROGRAM_ROOM) {
    errno = E2BIG;
    return -1;
  }
  struct sock_fprog fprog = {.len = program.length, .filter = program.code};
  if (!wanted->connects && !wanted->files)
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &fprog);
  unsigned int flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
  /* Since Linux 5.19: a signal must not make a caller ask for a second time for what is done. */
  int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                              flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &fprog);
  if (listener >= 0 || errno != EINVAL || wanted->files) return listener;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &fprog);
}

int install_syscall_filter(bool foreign_group, struct mediation *mediation) {
  mediation->listener = -1;
  mediation->error = 0;
  mediation->files_error = 0;
  while (mediation->connects || mediation->files) {
    mediation->listener = install(foreign_group, mediation);
    if (mediation->listener >= 0) return 0;
    if (mediation->files == FILES_DECIDED) return -1;
    if (mediation->files == FILES_LEFT) {
      mediation->error = errno;
      mediation->connects = mediation->sockets = false;
    }
    if (mediation->files != FILES_LEFT) mediation->files_error = errno;
    mediation->files = FILES_LEFT;
  }
  return install(foreign_group, mediation);
}
