/* Connects again and again while another thread exchanges what the call is about:
 *
 *   race-connect HOW OWN OTHER ROUNDS
 *
 * Listens at OWN, which it makes, and says how many connections it took: "own 123".
 * address: the path in memory is OWN or OTHER. family: so is the kind of address, for a TCP socket of
 *   its own. descriptor: the number means a TCP socket or a Unix one, and the path is OTHER.
 * bind: a socket is bound with OTHER's name in OWN.link; then OTHER is connected to. Meanwhile
 *   race-connect folder OWN OTHER 0 makes that link one to the folder of OTHER, where nothing has the
 *   name, or to OWN.folder, and OTHER has its name again; until its standard input ends.
 * name: OWN.link is a link to OWN or to OTHER. swap: OWN.name is a second name of OWN, or a link. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { NUMBER = 200, LINGER = 60 };

static const char *how;
static struct sockaddr_un own, other, shared;
static struct sockaddr_in near;
static char link_path[200], spare[210], own_folder[210];
static int internet;
static atomic_bool begun, done;
static atomic_int taken;
static int bound;

static void must(int result, const char *what) {
  if (result >= 0) return;
  perror(what);
  exit(1);
}

static void exchange_address(int turn) {
  memcpy(&shared, turn ? &own : &other, sizeof shared);
}

static void exchange_family(int turn) {
  if (turn) memcpy(&shared, &near, sizeof near);
  else memcpy(&shared, &other, sizeof shared);
}

static void exchange_descriptor(int turn) {
  int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(dup2(turn ? internet : local, NUMBER), "dup2");
  close(local);
}

static void exchange_link(int turn) {
  must(symlink(turn ? own.sun_path : other.sun_path, spare), "symlink");
  must(rename(spare, link_path), "rename");
}

/* Sleeping would last longer than the call. */
static void linger(long us) {
  struct timespec begin, now;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  do clock_gettime(CLOCK_MONOTONIC, &now);
  while ((now.tv_sec - begin.tv_sec) * 1000000 + (now.tv_nsec - begin.tv_nsec) / 1000 < us);
}

static void exchange_links(void) {
  must(renameat2(AT_FDCWD, spare, AT_FDCWD, link_path, RENAME_EXCHANGE), "exchange");
}

/* In one process, because two would have to be on processors of their own besides the one on which
 * the call is being made. */
static void exchange_folders(void) {
  char away[210], folder[sizeof other.sun_path];
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  strncpy(folder, other.sun_path, sizeof folder);
  *strrchr(folder, '/') = '\0';
  snprintf(away, sizeof away, "%s.away", other.sun_path);
  unlink(link_path);
  unlink(spare);
  must(symlink(own_folder, link_path), "symlink");
  must(symlink(folder, spare), "symlink");
  while (poll(&input, 1, 0) == 0) {
    must(rename(other.sun_path, away), "rename");
    exchange_links();
    linger(random() % LINGER);
    exchange_links();
    must(rename(away, other.sun_path), "rename");
    linger(random() % LINGER);
  }
}

static void exchange_name(int turn) {
  must(turn ? link(own.sun_path, spare) : symlink(other.sun_path, spare), "link");
  if (rename(spare, link_path) != 0) perror("rename");
  unlink(spare); /* which rename(2) leaves where both are names of one file */
}

static void *exchange(void *unused) {
  (void)unused;
  static const struct {
    const char *name;
    void (*act)(int turn);
  } ways[] = {{"address", exchange_address},
              {"family", exchange_family},
              {"descriptor", exchange_descriptor},
              {"name", exchange_link},
              {"swap", exchange_name}};
  for (int turn = 0; !done; turn = !turn) {
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
      if (strcmp(how, ways[i].name) == 0) ways[i].act(turn);
    begun = true;
  }
  return NULL;
}

static void *take(void *listener) {
  for (;;) {
    int fd = accept(*(int *)listener, NULL, NULL);
    if (fd < 0) return NULL;
    taken++;
    close(fd);
  }
}

static void bind_beside(void) {
  char path[300];
  const char *name = strrchr(other.sun_path, '/');
  struct sockaddr_un there = {.sun_family = AF_UNIX};
  snprintf(there.sun_path, sizeof there.sun_path, "%.80s%.25s", link_path, name);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(fd, (struct sockaddr *)&there, sizeof there) == 0) bound++;
  snprintf(path, sizeof path, "%s%s", own_folder, name);
  unlink(path);
  close(fd);
}

static void attempt(void) {
  if (strcmp(how, "bind") == 0) bind_beside();
  bool numbered = strcmp(how, "descriptor") == 0;
  int fd = numbered ? NUMBER : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  (void)!connect(fd, (struct sockaddr *)&shared, sizeof shared);
  if (!numbered) close(fd);
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  how = argv[1];
  own.sun_family = other.sun_family = AF_UNIX;
  strncpy(own.sun_path, argv[2], sizeof own.sun_path - 1);
  strncpy(other.sun_path, argv[3], sizeof other.sun_path - 1);
  near = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(9),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  snprintf(link_path, sizeof link_path, "%s.link", own.sun_path);
  snprintf(spare, sizeof spare, "%s.spare", own.sun_path);
  snprintf(own_folder, sizeof own_folder, "%s.folder", own.sun_path);
  if (strcmp(how, "folder") == 0) {
    exchange_folders();
    return 0;
  }
  unlink(own.sun_path);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(bind(listener, (struct sockaddr *)&own, sizeof own), "bind");
  must(listen(listener, 1000), "listen");
  internet = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memcpy(&shared, &other, sizeof shared);
  bool linked = strcmp(how, "name") == 0 || strcmp(how, "swap") == 0;
  if (linked) {
    strncpy(shared.sun_path, link_path, sizeof shared.sun_path - 1);
    unlink(link_path);
    must(symlink(own.sun_path, link_path), "symlink");
  }
  pthread_t taker, exchanger;
  if (pthread_create(&taker, NULL, take, &listener) != 0) return 1;
  bool exchanges = strcmp(how, "bind") != 0;
  if (exchanges && pthread_create(&exchanger, NULL, exchange, NULL) != 0) return 1;
  while (exchanges && !begun) usleep(100);
  for (int round = atoi(argv[4]); round > 0; round--) attempt();
  done = true;
  if (exchanges) pthread_join(exchanger, NULL);
  printf("own %d\n", strcmp(how, "bind") == 0 ? bound : taken);
  return 0;
}
