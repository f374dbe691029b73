/* What the rules for names say of a path. What they are is decided in src/policy/; this is the one
 * place that answers by them. */
#ifndef SRT_RULES_H
#define SRT_RULES_H

#include "standing.h"

enum named { NAMED_FILE, NAMED_FOLDER, NAMED_LINK };

/* 0, or the errno for whoever would create, replace, remove or write such a thing there; then
 * `rule` is the rule that says so. A link in the place of a folder that rules lead through would
 * lead them elsewhere. */
int judge_name(const struct standing *standing, enum named named, uint32_t *rule);

/* The rule by which such a change is told of once it is made, or NO_RULE. */
uint32_t rule_to_tell(const struct standing *standing, enum named named);

/* Whether changes beneath `to` are told of that are not beneath `from`. */
bool tells_more_beneath(const struct standing *to, const struct standing *from);

/* Whether all that rules refuse of what is beneath is the same for both, so that a folder with whatever
 * is in it may go from one to the other. */
bool same_beneath(const struct standing *one, const struct standing *other);

#endif
