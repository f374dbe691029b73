/* Asks for the address of a name as res_nquery(3) does: over UDP and, when the answer is cut off,
 * again over TCP; with "tcp" over TCP alone. A port is of a name server on loopback in the place of
 * that of resolv.conf. Prints the address, or what the C library makes of the answer. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  struct __res_state state;
  memset(&state, 0, sizeof state);
  if (res_ninit(&state) != 0) return 2;
  state.options &= ~(unsigned long)RES_USEVC;
  if (strcmp(argv[2], "tcp") == 0) state.options |= RES_USEVC;
  if (argc > 3) {
    state.nscount = 1;
    state.nsaddr_list[0].sin_family = AF_INET;
    state.nsaddr_list[0].sin_port = htons((uint16_t)atoi(argv[3]));
    state.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  unsigned char answer[NS_MAXMSG];
  int length = res_nquery(&state, argv[1], ns_c_in, ns_t_a, answer, sizeof answer);
  if (length < 0) {
    static const char *const errors[] = {"none", "HOST_NOT_FOUND", "TRY_AGAIN", "NO_RECOVERY",
                                         "NO_DATA"};
    int error = state.res_h_errno;
    printf("%s\n", error >= 0 && error <= 4 ? errors[error] : hstrerror(error));
    return 1;
  }
  ns_msg message;
  ns_rr record;
  if (ns_initparse(answer, length, &message) != 0) return 2;
  for (int at = 0; ns_parserr(&message, ns_s_an, at, &record) == 0; at++) {
    char text[INET_ADDRSTRLEN] = "";
    if (ns_rr_type(record) != ns_t_a) continue;
    printf("%s\n", inet_ntop(AF_INET, ns_rr_rdata(record), text, sizeof text));
  }
  return 0;
}
