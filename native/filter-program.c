#define _GNU_SOURCE
#include "filter-program.h"

#include <linux/seccomp.h>
#include <stddef.h>

static void emit(struct program *p, struct sock_filter instruction) {
  /* A program cut short by a full buffer would end without a verdict; the kernel rejects it. */
  if (p->length < PROGRAM_ROOM) p->code[p->length++] = instruction;
}

void statement(struct program *p, unsigned short code, unsigned int k) {
  emit(p, (struct sock_filter)BPF_STMT(code, k));
}

void jump(struct program *p, unsigned short test, unsigned int k, unsigned char yes,
          unsigned char no) {
  emit(p, (struct sock_filter)BPF_JUMP((unsigned short)(BPF_JMP | test | BPF_K), k, yes, no));
}

void verdict(struct program *p, unsigned int action) {
  statement(p, BPF_RET | BPF_K, action);
}

void refuse(struct program *p, int error) {
  verdict(p, SECCOMP_RET_ERRNO | ((unsigned int)error & SECCOMP_RET_DATA));
}

void load_argument(struct program *p, unsigned int index) {
  statement(p, BPF_LD | BPF_W | BPF_ABS,
            (unsigned int)(offsetof(struct seccomp_data, args) + 8 * index));
}

void load_number(struct program *p) {
  statement(p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
}

unsigned short begin_call(struct program *p, int number) {
  jump(p, BPF_JEQ, (unsigned int)number, 0, 0);
  return (unsigned short)(p->length - 1);
}

void end_call(struct program *p, unsigned short start) {
  verdict(p, SECCOMP_RET_ALLOW);
  p->code[start].jf = (unsigned char)(p->length - start - 1);
}
