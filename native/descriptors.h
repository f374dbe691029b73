/* The descriptors of srt-init: up to START_FD they come from src/supervisor/launch.ts, the others
 * are made by launch. */
#ifndef SRT_DESCRIPTORS_H
#define SRT_DESCRIPTORS_H

enum {
  IPC_FD = 3,     /* Node's IPC channel: listeners go out here */
  CONTROL_FD = 4, /* frames both ways (message.h); end-of-file means srt is gone */
  OPTIONS_FD = 5, /* bubblewrap's options, NUL separated; bubblewrap closes it */
  START_FD = 6,   /* the START frame */
  STDERR_FD = 7,  /* the command's standard error; 2 itself is CONTROL_FD again */
  SELF_FD = 8     /* this program, as the host has it */
};

#endif
