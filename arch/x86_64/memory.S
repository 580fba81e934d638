/* memcpy, memmove, memset, memcmp for the generated code, and the fast ways to clear and copy frames.
 *
 * Kernel memory only: nothing here may fault or sleep. Large blocks use SSE registers, whose contents (the state of
 * whatever thread owns the FPU) are put aside on the stack and restored; interrupts are off, and NMIs do not touch them.
 * Legacy SSE moves leave the upper halves of AVX registers alone. */
#include "native.h"

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
    subq $72, %rsp
    movups %xmm0, (%rsp)
    movups %xmm1, 16(%rsp)
    movups %xmm2, 32(%rsp)
    movups %xmm3, 48(%rsp)
1:  movups (%rsi), %xmm0
    movups 16(%rsi), %xmm1
    movups 32(%rsi), %xmm2
    movups 48(%rsi), %xmm3
    movups %xmm0, (%rdi)
    movups %xmm1, 16(%rdi)
    movups %xmm2, 32(%rdi)
    movups %xmm3, 48(%rdi)
    addq $64, %rsi
    addq $64, %rdi
    subq $64, %rdx
    cmpq $64, %rdx
    jae 1b
    movups (%rsp), %xmm0
    movups 16(%rsp), %xmm1
    movups 32(%rsp), %xmm2
    movups 48(%rsp), %xmm3
    addq $72, %rsp
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

/* void zero_frame(void *to): 4096 bytes, aligned. `rep stosq` where that is fast (rep_limit: not under TCG). */
function zero_frame
    cmpl $0, capabilities+CAP_FAST_REP(%rip)
    jne 2f
    subq $24, %rsp
    movups %xmm0, (%rsp)
    xorps %xmm0, %xmm0
    leaq 4096(%rdi), %rax
1:  movaps %xmm0, (%rdi)
    movaps %xmm0, 16(%rdi)
    movaps %xmm0, 32(%rdi)
    movaps %xmm0, 48(%rdi)
    movaps %xmm0, 64(%rdi)
    movaps %xmm0, 80(%rdi)
    movaps %xmm0, 96(%rdi)
    movaps %xmm0, 112(%rdi)
    movaps %xmm0, 128(%rdi)
    movaps %xmm0, 144(%rdi)
    movaps %xmm0, 160(%rdi)
    movaps %xmm0, 176(%rdi)
    movaps %xmm0, 192(%rdi)
    movaps %xmm0, 208(%rdi)
    movaps %xmm0, 224(%rdi)
    movaps %xmm0, 240(%rdi)
    addq $256, %rdi
    cmpq %rax, %rdi
    jb 1b
    movups (%rsp), %xmm0
    addq $24, %rsp
    ret
2:  xorl %eax, %eax
    movl $512, %ecx
    rep stosq
    ret

/* void copy_frame(void *to, const void *from): 4096 bytes, both aligned. */
function copy_frame
    movl $4096, %edx
    cmpl $0, capabilities+CAP_FAST_REP(%rip)
    je memcpy
    movl $512, %ecx
    rep movsq
    ret

    .section .note.GNU-stack, "", @progbits
