/* Tells srt what the command leaves for programs outside of the sandbox to execute: changes that were
 * made and that no rule refused. Each is to be told before the caller goes on, because the command may
 * end then. Once per path: what is told of is kept, and so is where it is when folders are moved. */
#ifndef SRT_TELLING_H
#define SRT_TELLING_H

#include "decide.h"

/* In the place of a rule: a link that leads to where the command may change nothing, and a folder
 * that was moved to where names are told of that were none where its files got them. */
#define OUTWARD_LINK (NO_RULE - 1)
#define MOVED_FOLDER (NO_RULE - 2)

void use_told_rules(const struct rules *rules);

/* What is at the place now was made, moved there or written. */
void tell_of_change(const struct attempt *attempt, const struct place *place, enum named named);
void tell_of_object(const struct attempt *attempt, int object);

/* A folder was moved. */
void tell_of_move(const struct attempt *attempt, const struct place *from,
                       const struct place *to);

/* How many there was no room for, when nothing more is changed. */
void finish_telling(void);

#endif
