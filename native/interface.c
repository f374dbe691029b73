#define _GNU_SOURCE
#include "interface.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* rtnetlink(7), RTM_NEWADDR. An ioctl would do, but name the address as an interface of its own. */
struct request {
  struct nlmsghdr header;
  struct ifaddrmsg about;
  struct rtattr attribute;
  unsigned char address[sizeof(struct in6_addr)];
};

struct reply {
  struct nlmsghdr header;
  struct nlmsgerr result;
};

/* Returns 0, or an errno. */
static int exchange(int fd, const struct request *request) {
  char buffer[1024];
  if (send(fd, request, request->header.nlmsg_len, 0) < 0) return errno;
  ssize_t got = recv(fd, buffer, sizeof buffer, 0);
  if (got < 0) return errno;
  struct reply reply;
  if ((size_t)got < sizeof reply) return EPROTO;
  memcpy(&reply, buffer, sizeof reply);
  return reply.header.nlmsg_type == NLMSG_ERROR ? -reply.result.error : EPROTO;
}

static int add(int fd, int family, unsigned char prefix, const char *text) {
  struct request request;
  memset(&request, 0, sizeof request);
  if (inet_pton(family, text, request.address) != 1) return EINVAL;
  size_t length = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
  request.header = (struct nlmsghdr){
      .nlmsg_len = (__u32)(offsetof(struct request, address) + length),
      .nlmsg_type = RTM_NEWADDR,
      .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE,
  };
  request.about = (struct ifaddrmsg){
      .ifa_family = (unsigned char)family,
      .ifa_prefixlen = prefix,
      .ifa_scope = RT_SCOPE_HOST,
      .ifa_index = if_nametoindex("lo"),
  };
  request.attribute = (struct rtattr){
      .rta_len = (unsigned short)RTA_LENGTH(length),
      .rta_type = IFA_LOCAL,
  };
  return exchange(fd, &request);
}

const char *add_addresses(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return "open a netlink socket";
  int error = add(fd, AF_INET, 8, "127.0.0.2");
  /* Of the range whose addresses stand for names inside (network/dns/synthetic-address.ts), the one that
   * never stands for any. A host without IPv6 has programs that do without it. */
  (void)add(fd, AF_INET6, 128, "fd73:7274::1");
  (void)close(fd);
  errno = error;
  return error == 0 ? NULL : "add an address to the loopback interface";
}
