/* The descriptors that src/supervisor/launch.ts hands to srt-init: one table, two languages. */
#ifndef SRT_DESCRIPTORS_H
#define SRT_DESCRIPTORS_H

enum {
  DIAGNOSTICS_FD = 2, /* bubblewrap's and our own complaints, read by srt */
  IPC_FD = 3,         /* Node's IPC channel: listeners go out here */
  CONTROL_FD = 4,     /* frames both ways (message.h); end-of-file means srt is gone */
  BWRAP_ARGS_FD = 5,  /* bubblewrap's options, NUL separated; bubblewrap closes it */
  STDERR_FD = 6,      /* the command's real standard error */
  SELF_FD = 7,        /* this program, opened on the host by launch */
  FIRST_UNUSED_FD = 8
};

#endif
