/* Builds a filter in classic BPF (seccomp(2)): a chain of blocks, each about one system call. */
#ifndef SRT_FILTER_PROGRAM_H
#define SRT_FILTER_PROGRAM_H

#include <linux/filter.h>

enum { PROGRAM_ROOM = 384 };

struct program {
  struct sock_filter code[PROGRAM_ROOM];
  unsigned short length; /* PROGRAM_ROOM: it did not fit */
};

void statement(struct program *p, unsigned short code, unsigned int k);

/* Skips `yes` or `no` instructions, as the test says of what was loaded last. */
void jump(struct program *p, unsigned short test, unsigned int k, unsigned char yes,
          unsigned char no);

void verdict(struct program *p, unsigned int action);
void refuse(struct program *p, int error);

/* The kernel reads arguments of 32 bits as such: the upper half must not count. */
void load_argument(struct program *p, unsigned int index);
void load_number(struct program *p);

/* One block per call: skipped as a whole when the number is another, and what comes to its end is
 * allowed. */
unsigned short begin_call(struct program *p, int number);
void end_call(struct program *p, unsigned short start);

#endif
