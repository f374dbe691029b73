#ifndef SRT_INTERFACE_H
#define SRT_INTERFACE_H

/* Gives the sandbox's one interface an address of each family beside the usual ones, so that
 * resolvers see a machine with a network: getaddrinfo(3) with AI_ADDRCONFIG, asked for one family,
 * else finds nothing, because it does not count 127.0.0.1 and ::1. Needs CAP_NET_ADMIN over the
 * network namespace. Returns NULL or the step that failed, with errno. */
const char *add_addresses(void);

#endif
