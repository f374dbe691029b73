/* dist/bin/srt: what is installed as the program "srt" on Linux (scripts/front.mjs). */
#include "front.h"

int main(int argc, char **argv) {
  return run_front(argv + (argc > 0 ? 1 : 0));
}
