/* What is said on the socket between the front (front/front.h) and those it starts, in messages: FRONT_FD of
 * srt-init and Node have the same end of it, so that the front sees its end when both are gone. */
#ifndef SRT_FRONT_WORDS_H
#define SRT_FRONT_WORDS_H

#include <stdint.h>

/* One byte, to the front. The kernel says who speaks (SO_PASSCRED). */
enum {
  WORD_READY = 'r',   /* Node takes signals for the command now */
  WORD_STARTED = 's', /* srt-init: the command was executed */
  WORD_ENDED = 'e',   /* Node ends now, and srt's exit status is in a second byte */
  WORD_ALONE = 'a',   /* Node ends now, and asks to be started again alone: it needs another sandbox */
};

/* From the front to srt-init. */
enum { WORD_ADOPTED = 'p' /* the front is its parent now */ };

/* The first message to srt-init: what srt itself was started with, for the command. */
struct inherited {
  uint64_t ignored;     /* bit n - 1 for a signal n that is ignored */
  uint64_t descriptors; /* the soft limit, RLIMIT_NOFILE */
};

#endif
