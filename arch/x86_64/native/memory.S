/* memcpy, memmove, memset, memcmp for the generated code, and the clearing and copying of frames.
 *
 * Kernel memory only: nothing here may fault or sleep. General registers only: the FPU holds some thread's state.
 * Blocks from REP_MINIMUM bytes on use `rep` where the CPU moves whole lines with it. Under TCG (no fast rep, cpu.c) unrolled
 * 8-byte moves are quickest: 4 KiB take 3,300 cycles against 5,600 with SSE registers and 57,000 with `rep movsb`. */
#include "native.h"

#define REP_MINIMUM 512

    .macro function name
    .globl \name
    .hidden \name
    .type \name, @function
    .balign 16
\name:
    .endm
    .text

/* void *memmove(void *to, const void *from, size_t length): loads before stores in every step, direction chosen. */
function memmove
    movq %rdi, %rax
    subq %rsi, %rax
    cmpq %rdx, %rax
    jb move_down
/* void *memcpy(void *to, const void *from, size_t length) */
function memcpy
    movq %rdi, %rax
    cmpq $256, %rdx
    jae copy_large
copy_small:
    cmpq $16, %rdx
    jb 3f
    leaq -16(%rdx), %rcx
    movq (%rsi,%rcx), %r10          /* the last 16 bytes, stored last: works for overlap upwards too */
    movq 8(%rsi,%rcx), %r11
    leaq (%rdi,%rcx), %rdx
    testq %rcx, %rcx
    jz 2f
1:  movq (%rsi), %r8
    movq 8(%rsi), %r9
    addq $16, %rsi
    movq %r8, (%rdi)
    movq %r9, 8(%rdi)
    addq $16, %rdi
    subq $16, %rcx
    ja 1b
2:  movq %r10, (%rdx)
    movq %r11, 8(%rdx)
    ret
3:  testl $8, %edx
    jz 4f
    movq (%rsi), %r8
    movq -8(%rsi,%rdx), %r9
    movq %r8, (%rdi)
    movq %r9, -8(%rdi,%rdx)
    ret
4:  testl $4, %edx
    jz 5f
    movl (%rsi), %r8d
    movl -4(%rsi,%rdx), %r9d
    movl %r8d, (%rdi)
    movl %r9d, -4(%rdi,%rdx)
    ret
5:  testl $2, %edx
    jz 6f
    movzwl (%rsi), %r8d
    movzbl -1(%rsi,%rdx), %r9d
    movw %r8w, (%rdi)
    movb %r9b, -1(%rdi,%rdx)
    ret
6:  testl %edx, %edx
    jz 7f
    movzbl (%rsi), %r8d
    movb %r8b, (%rdi)
7:  ret

copy_large:
    cmpq $REP_MINIMUM, %rdx
    jb 1f
    cmpl $0, capabilities+CAP_FAST_REP(%rip)
    jne 2f
1:  movq (%rsi), %r8
    movq 8(%rsi), %r9
    movq 16(%rsi), %r10
    movq 24(%rsi), %r11
    movq %r8, (%rdi)
    movq %r9, 8(%rdi)
    movq %r10, 16(%rdi)
    movq %r11, 24(%rdi)
    movq 32(%rsi), %r8
    movq 40(%rsi), %r9
    movq 48(%rsi), %r10
    movq 56(%rsi), %r11
    movq %r8, 32(%rdi)
    movq %r9, 40(%rdi)
    movq %r10, 48(%rdi)
    movq %r11, 56(%rdi)
    addq $64, %rsi
    addq $64, %rdi
    subq $64, %rdx
    cmpq $64, %rdx
    jae 1b
    jmp copy_small
2:  movq %rdx, %rcx
    shrq $3, %rcx
    andl $7, %edx
    rep movsq
    jmp copy_small

/* Overlap with the target above the source: from the end downwards. */
move_down:
    movq %rdi, %rax
    cmpq $8, %rdx
    jb 2f
1:  movq -8(%rsi,%rdx), %r8
    movq %r8, -8(%rdi,%rdx)
    subq $8, %rdx
    cmpq $8, %rdx
    jae 1b
2:  testq %rdx, %rdx
    jz 4f
3:  movzbl -1(%rsi,%rdx), %r8d
    movb %r8b, -1(%rdi,%rdx)
    decq %rdx
    jnz 3b
4:  ret

/* void *memset(void *to, int byte, size_t length) */
function memset
    movq %rdi, %rax
    movzbl %sil, %r8d
    movabsq $0x0101010101010101, %rcx
    imulq %rcx, %r8
    cmpq $64, %rdx
    jb 2f
1:  movq %r8, (%rdi)
    movq %r8, 8(%rdi)
    movq %r8, 16(%rdi)
    movq %r8, 24(%rdi)
    movq %r8, 32(%rdi)
    movq %r8, 40(%rdi)
    movq %r8, 48(%rdi)
    movq %r8, 56(%rdi)
    addq $64, %rdi
    subq $64, %rdx
    cmpq $64, %rdx
    jae 1b
2:  subq $8, %rdx
    jb 4f
3:  movq %r8, (%rdi)
    addq $8, %rdi
    subq $8, %rdx
    jae 3b
4:  addq $8, %rdx
    jz 6f
5:  movb %r8b, (%rdi)
    incq %rdi
    decq %rdx
    jnz 5b
6:  ret

/* int memcmp(const void *a, const void *b, size_t length) */
function memcmp
    xorl %ecx, %ecx
1:  leaq 8(%rcx), %r8
    cmpq %rdx, %r8
    ja 2f
    movq (%rdi,%rcx), %rax
    cmpq (%rsi,%rcx), %rax
    jne 2f
    movq %r8, %rcx
    jmp 1b
2:  cmpq %rdx, %rcx
    jae 4f
    movzbl (%rdi,%rcx), %eax
    movzbl (%rsi,%rcx), %r8d
    incq %rcx
    subl %r8d, %eax
    jz 2b
    ret
4:  xorl %eax, %eax
    ret

/* void zero_frame(void *to): 4096 bytes, aligned. */
function zero_frame
    xorl %eax, %eax
    cmpl $0, capabilities+CAP_FAST_REP(%rip)
    jne 2f
    leaq 4096(%rdi), %rcx
1:
    .irp offset, 0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120
    movq %rax, \offset(%rdi)
    movq %rax, 128+\offset(%rdi)
    .endr
    addq $256, %rdi
    cmpq %rcx, %rdi
    jb 1b
    ret
2:  movl $512, %ecx
    rep stosq
    ret

/* void copy_frame(void *to, const void *from): 4096 bytes, both aligned. */
function copy_frame
    movl $4096, %edx
    jmp memcpy

    .section .note.GNU-stack, "", @progbits
