/* What is said to the front (front/front.h), one byte each, on the pipe that FRONT_FD and Node have. */
#ifndef SRT_FRONT_WORDS_H
#define SRT_FRONT_WORDS_H

enum {
  WORD_STARTED = 's', /* the command was executed */
  WORD_ENDED = 'e',   /* Node ends now, and srt's exit status is in the next byte */
  WORD_ALONE = 'a',   /* Node ends now, and asks to be started again alone: it needs another sandbox */
};

#endif
