#define _GNU_SOURCE
#include "gateway.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "listeners.h"

/* RFC 2133's structure, which the kernel still takes, lacks the scope. */
enum { SHORTEST_V6 = 24 };

static const struct in6_addr *v6_of(const struct sockaddr_storage *address) {
  return &((const struct sockaddr_in6 *)address)->sin6_addr;
}

static bool is_loopback_v4(uint32_t address) {
  /* The unspecified address means this machine, which is the sandbox. */
  return address >> 24 == 127 || address == INADDR_ANY;
}

bool is_mapped(const struct sockaddr_storage *address) {
  return address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(v6_of(address));
}

bool leads_away(const struct sockaddr_storage *address, socklen_t length) {
  if (address->ss_family == AF_INET) {
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
    return length >= sizeof *v4 && !is_loopback_v4(ntohl(v4->sin_addr.s_addr));
  }
  if (address->ss_family != AF_INET6 || length < SHORTEST_V6) return false;
  const struct in6_addr *v6 = v6_of(address);
  if (!IN6_IS_ADDR_V4MAPPED(v6)) return !IN6_IS_ADDR_LOOPBACK(v6) && !IN6_IS_ADDR_UNSPECIFIED(v6);
  uint32_t v4;
  memcpy(&v4, v6->s6_addr + 12, sizeof v4);
  return !is_loopback_v4(ntohl(v4));
}

sa_family_t gateway_for(const struct sockaddr_storage *to, struct sockaddr_storage *gateway,
                        socklen_t *length) {
  memset(gateway, 0, sizeof *gateway);
  bool v6 = to->ss_family == AF_INET6;
  sa_family_t family = v6 && !is_mapped(to) ? AF_INET6 : AF_INET;
  uint16_t port = gateway_port(family);
  if (port == 0) return AF_UNSPEC;
  if (!v6) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)gateway;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *length = sizeof *v4;
    return family;
  }
  static const struct in6_addr mapped_loopback = {
      .s6_addr = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}};
  struct sockaddr_in6 *address = (struct sockaddr_in6 *)gateway;
  address->sin6_family = AF_INET6;
  address->sin6_port = htons(port);
  address->sin6_addr = family == AF_INET ? mapped_loopback : in6addr_loopback;
  *length = sizeof *address;
  return family;
}

int socket_option(int fd, int name) {
  int value = -1;
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

bool is_unconnected_tcp(int fd, sa_family_t family) {
  if (socket_option(fd, SO_DOMAIN) != family) return false;
  if (socket_option(fd, SO_PROTOCOL) != IPPROTO_TCP) return false;
  unsigned char state = 0; /* the first byte of struct tcp_info */
  socklen_t length = sizeof state;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &state, &length) != 0) return false;
  return state == TCP_CLOSE;
}

uint16_t port_of(const struct sockaddr_storage *address) {
  return ntohs(address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)address)->sin6_port
                                              : ((const struct sockaddr_in *)address)->sin_port);
}
