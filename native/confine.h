/* Rights: everything the command must not have is dropped here, before it exists. */
#ifndef SRT_CONFINE_H
#define SRT_CONFINE_H

#include <sys/types.h>

/* Moves this process into a nested user namespace in which it is the caller (uid and gid as
 * outside), so that it has no rights over the sandbox's own namespaces (user_namespaces(7)).
 * Needs uid 0 and CAP_SETFCAP in the surrounding one. Returns NULL, or the step that failed
 * with errno set. */
const char *enter_caller_namespace(uid_t uid, gid_t gid);

/* Empties all capability sets, the bounding set too, for good (capabilities(7)). */
const char *drop_capabilities(void);

/* For PID 1, which keeps the surrounding namespace: no capability, no new one, and no other
 * process may read its memory or descriptors. */
const char *lock_init(void);

/* A descriptor opened outside is outside: a directory, or a socket of the host's network
 * namespace, would be a way past every rule. Looks at 0, 1 and STDERR_FD. */
const char *check_standard_streams(void);

#endif
