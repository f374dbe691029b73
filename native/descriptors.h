/* The descriptors of srt-init: up to FRONT_FD they come from src/supervisor/launch.ts or the front, the
 * others are made by launch/. */
#ifndef SRT_DESCRIPTORS_H
#define SRT_DESCRIPTORS_H

enum {
  IPC_FD = 3,     /* Node's IPC channel: sockets go out here */
  CONTROL_FD = 4, /* frames both ways (message.h); end-of-file means srt is gone */
  START_FD = 5,   /* the START frame, complete when GO is said */
  LEASE_FD = 6,   /* only to be open as long as PID 1 lives: a lock that others ask for (lock.h) */
  FRONT_FD = 7,   /* a socket to the front (front-words.h), or something else where there is none */
  STDERR_FD = 8,  /* the command's standard error; 2 itself is CONTROL_FD again */
  INIT_FD = 9     /* srt-init, as the host has it */
};

#endif
