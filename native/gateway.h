/* Which connects are the gateway's, and where it listens for them. */
#ifndef SRT_GATEWAY_H
#define SRT_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Whether this is an internet address, and not one of the sandbox's own loopback. */
bool leads_away(const struct sockaddr_storage *address, socklen_t length);

/* Whether it is an IPv4 address in an IPv6 one. */
bool is_mapped(const struct sockaddr_storage *address);

/* Where a socket that was to be connected to `to` is connected instead. Returns the family of the
 * listener there, or AF_UNSPEC when there is none. */
sa_family_t gateway_for(const struct sockaddr_storage *to, struct sockaddr_storage *gateway,
                        socklen_t *length);

/* Whether it is a TCP socket of this family that was not connected yet. For all others the
 * kernel's own answer is right, because nothing but loopback can be reached. */
bool is_unconnected_tcp(int fd, sa_family_t family);

/* An option of SOL_SOCKET that is a number, or -1: also for what is no socket. */
int socket_option(int fd, int name);

/* The port of an internet address, in host order. */
uint16_t port_of(const struct sockaddr_storage *address);

#endif
