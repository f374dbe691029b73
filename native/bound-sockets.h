/* The sockets that were bound inside, by what they were bound to. It is held open as long as one is
 * there, so that nothing else comes to be it: a number alone would be given again. */
#ifndef SRT_BOUND_SOCKETS_H
#define SRT_BOUND_SOCKETS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Forgets those that nobody can connect to any more, where there is no room else. */
bool has_room_for_bound(void);

/* Takes what a socket was just bound to (O_PATH), or -1. */
void note_bound(int object);

bool is_bound_inside(const struct stat *status);

/* Whether a socket is bound to this object: 0, or the errno of who would connect to it. One that has
 * none will never have one again, because bind(2) makes a new object. Nobody notices. */
int probe_socket(int object);

/* An address that leads to an open object. Returns its length. */
socklen_t address_of_object(int object, struct sockaddr_storage *address);

#endif
