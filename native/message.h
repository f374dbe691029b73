/* Frames on the control channel: u32 length (little endian, of what follows), u8 type, payload.
 *
 * From srt to init:
 *   START    (in a file of its own) u32 version, u32 uid, u32 gid, u8 mediate, u32 n,
 *            n x (u8 kind, u16 port), the mounts (mounts/mount.h), string cwd,
 *            u32 argc, argc x string, u32 envc, envc x string,
 *            u8 files (enum mediated_files), and the rules for them (files/tree.h),
 *            u32 socketc, socketc x string, the Unix sockets that are listed (unix-sockets.h)
 *            where string = u32 length, bytes, one NUL
 *   GO       START is complete; only where a front has started srt-init (front-link.h)
 *   SIGNAL   u8 signal number
 *   VERDICT  u32 id of a CONNECT, u32 errno for its caller; 0 lets it go to the gateway
 *   DIAL     u32 id, u16 port of the sandbox's loopback, to be connected to for srt
 *
 * From init to srt:
 *   STARTED  the command was executed: u32 errno why connects are not mediated, or 0; u32 the same
 *            for changes of files; u8 whether the gateway listens on ::1 too; u8 whether there are
 *            Unix sockets
 *   EXITED   u8 how (0 exit status, 1 signal), u8 value
 *   FAILED, NOT_EXECUTED  u32 errno, rest: the step, as text
 *   CONNECT  a process waits for leave to connect: u32 id, u32 pid in the sandbox, u8 1 when the
 *            socket is a blocking one, u8 4 or 6, u16 port, 16 bytes address (IPv4: the first 4),
 *            rest: the name of the process
 *   CONNECTING  u32 id, u8 4 or 6, u16 source port with which it arrives at the gateway;
 *            0 when the process gave up, or its socket could not be connected
 *   REFUSED  u32 how often, u32 pid in the sandbox, u8 operation (files/decide.h), u32 errno, u32 rule
 *            or all ones, u8 length of the name of the process, u16 of the path as asked, u16 as
 *            found, the three; or u32 how many there was no room for
 *   HANDED_OVER  the same of a change that was made, where others may execute what it made; the rule
 *            may be one of files/telling.h
 *   SOCKETS  sockets come over IPC_FD from now on
 *   DIALLED  u32 id, u32 errno: a DIAL that failed. One that succeeded comes over IPC_FD.
 *
 * Until the first frame from init, what bubblewrap prints when it fails comes over the channel
 * as it is: text, whose first four bytes are no length that any frame has. */
#ifndef SRT_MESSAGE_H
#define SRT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "files/tree.h"
#include "mounts/mount.h"

enum message_type {
  MESSAGE_START = 1,
  MESSAGE_SIGNAL = 2,
  MESSAGE_VERDICT = 3,
  MESSAGE_DIAL = 4,
  MESSAGE_GO = 5,
  MESSAGE_STARTED = 64,
  MESSAGE_EXITED = 65,
  MESSAGE_FAILED = 66,
  MESSAGE_NOT_EXECUTED = 67,
  MESSAGE_CONNECT = 68,
  MESSAGE_CONNECTING = 69,
  MESSAGE_DIALLED = 70,
  MESSAGE_REFUSED = 71,
  MESSAGE_HANDED_OVER = 72,
  MESSAGE_SOCKETS = 73,
};

enum { PROTOCOL_VERSION = 6, MAX_LISTENERS = 64 };

enum listener_kind {
  LISTEN_TCP = 0,     /* 127.0.0.1 */
  LISTEN_UDP = 1,     /* 127.0.0.1 */
  LISTEN_GATEWAY = 2, /* TCP on 127.0.0.1, and on ::1 where there is IPv6: mediated connects */
};

struct listener {
  enum listener_kind kind;
  uint16_t port;
};

/* The kernel itself takes no more than 6 MiB of arguments and environment (fs/exec.c). */
enum { MAX_FRAME = 64 * 1024 * 1024, MAX_SENT = 8300 };

enum mediated_files {
  FILES_LEFT = 0,    /* to the mounts */
  FILES_WISHED = 1,  /* decided by name, for the reports, where that can be had */
  FILES_DECIDED = 2, /* decided by name, or the command does not start */
};

struct start {
  uid_t uid;
  gid_t gid;
  bool mediate; /* connects to elsewhere than loopback are srt's to decide */
  size_t listeners;
  struct listener listener[MAX_LISTENERS];
  size_t mounts; /* one at least */
  struct mount *mount;
  const char *cwd;
  char **argv; /* NULL terminated, never empty */
  char **env;  /* NULL terminated */
  enum mediated_files files;
  struct rules *rules; /* for that, or NULL; they point into the payload */
  char **sockets;      /* NULL terminated; absolute paths */
};

/* Reads START's payload. Strings point into `bytes`; lists are allocated, for free_start, and the
 * rules for free_rules, the sockets for free.
 * Returns 0, or -1 for anything but one exact, complete message. */
int parse_start(char *bytes, size_t length, struct start *start);
void free_start(struct start *start);

/* Blocks for one whole frame. Returns its type and an allocated payload, or -1 with errno:
 * EPIPE at end of file, EPROTO for a length out of range. */
int read_frame(int fd, char **payload, size_t *length);

/* Both return 0, or -1 with errno. SIGPIPE is never raised. */
int send_frame(int fd, enum message_type type, const void *payload, size_t length);
int send_failure(int fd, enum message_type type, const char *step, int error);

#endif
