/* The front's end of the socket of front-words.h. */
#ifndef SRT_FRONT_WORDS_SOCKET_H
#define SRT_FRONT_WORDS_SOCKET_H

#include <stdbool.h>
#include <sys/types.h>

#include "../front-words.h"

/* Makes both; the first message for srt-init is in it then. */
void open_words(int *ours, int *theirs, const struct inherited *inherited);

struct word {
  char word;
  unsigned char status; /* of WORD_ENDED */
  pid_t speaker;
};

/* Waits for the next word. Returns false when nobody is left to say one. */
bool hear_word(int words, struct word *heard);

/* To srt-init. */
void say_adopted(int words);

#endif
