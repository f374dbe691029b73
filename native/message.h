/* Frames on the control channel: u32 length (little endian, of what follows), u8 type, payload.
 *
 *   START  (srt to init, in a file of its own) u32 version, u32 uid, u32 gid, u32 n, n x u16 port,
 *                        string cwd, u32 argc, argc x string, u32 envc, envc x string
 *                        where string = u32 length, bytes, one NUL
 *   SIGNAL (srt to init) u8 signal number
 *   STARTED (init to srt) empty: the command was executed
 *   EXITED  (init to srt) u8 how (0 exit status, 1 signal), u8 value
 *   FAILED, NOT_EXECUTED (init to srt) u32 errno, rest: the step, as text
 *
 * Until the first frame from init, what bubblewrap prints when it fails comes over the channel
 * as it is: text, whose first four bytes are no length that any frame has. */
#ifndef SRT_MESSAGE_H
#define SRT_MESSAGE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum message_type {
  MESSAGE_START = 1,
  MESSAGE_SIGNAL = 2,
  MESSAGE_STARTED = 64,
  MESSAGE_EXITED = 65,
  MESSAGE_FAILED = 66,
  MESSAGE_NOT_EXECUTED = 67,
};

enum { PROTOCOL_VERSION = 1, MAX_LISTENERS = 16 };

/* The kernel itself takes no more than 6 MiB of arguments and environment (fs/exec.c). */
enum { MAX_FRAME = 8 * 1024 * 1024 };

struct start {
  uid_t uid;
  gid_t gid;
  size_t listeners;
  uint16_t ports[MAX_LISTENERS];
  const char *cwd;
  char **argv; /* NULL terminated, never empty */
  char **env;  /* NULL terminated */
};

/* Reads START's payload. Strings point into `bytes`; argv and env are allocated.
 * Returns 0, or -1 for anything but one exact, complete message. */
int parse_start(char *bytes, size_t length, struct start *start);

/* Blocks for one whole frame. Returns its type and an allocated payload, or -1 with errno:
 * EPIPE at end of file, EPROTO for a length out of range. */
int read_frame(int fd, char **payload, size_t *length);

/* Both return 0, or -1 with errno. SIGPIPE is never raised. */
int send_frame(int fd, enum message_type type, const void *payload, size_t length);
int send_failure(int fd, enum message_type type, const char *step, int error);

#endif
