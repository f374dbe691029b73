/* The descriptors of srt-init: 0, 1, 2, IPC_FD and CONTROL_FD come from src/supervisor/launch.ts,
 * the others are made by launch. */
#ifndef SRT_DESCRIPTORS_H
#define SRT_DESCRIPTORS_H

enum {
  IPC_FD = 3,        /* Node's IPC channel: listeners go out here */
  CONTROL_FD = 4,    /* frames both ways (message.h); end-of-file means srt is gone */
  BWRAP_ARGS_FD = 5, /* bubblewrap's options, in memory; bubblewrap closes it */
  STDERR_FD = 6,     /* the command's standard error; 2 itself is CONTROL_FD again */
  SELF_FD = 7,       /* this program, as the host has it */
  FIRST_UNUSED_FD = 8
};

#endif
