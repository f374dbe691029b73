/* Tells srt what was refused. A loop of refusals costs it no more than one: what is like a refusal
 * that it was told of lately is counted, and the count follows. */
#ifndef SRT_REPORT_H
#define SRT_REPORT_H

#include <stdint.h>

#include "decide.h"

/* Of a text behind others. */
#define HASH_START 14695981039346656037U
uint64_t hash_text(uint64_t before, const char *text);

/* `path` is where it would have been, or empty where that is not known. */
void report_refusal(const struct attempt *attempt, const char *path, uint32_t rule, int error);

/* Of a change that was made; telling.h has the rules that are none. */
void report_handed_over(const struct attempt *attempt, const char *path, uint32_t rule);

/* The calling thread's loop sends the counts from now on. */
void start_reports(void);

/* The last of it, from process 1, when the command has ended. */
void finish_reports(void);

#endif
