/* Copies between user memory and the kernel. Each routine returns the number of bytes NOT copied (0: all) or 0/1.
 *
 * A page fault inside .text.user_copy calls the exported pageFault, which may sleep, and resumes; when that does not
 * help, the exception table leads to a fix-up. A fix-up of a wide loop goes on byte by byte, so the count is exact.
 * Callers have checked the user range against USER_LIMIT. General registers only: a copy may switch threads.
 * Unrolled moves rather than `rep` for short copies and wherever `rep` is slow: with TCG each of its iterations costs as
 * much as an instruction. */
#include "native.h"

#define REP_MINIMUM 512

    .macro function name
    .globl \name
    .hidden \name
    .type \name, @function
    .balign 16
\name:
    .endm
    .macro SMAP_SITE kind
771: .byte 0x0f, 0x1f, 0x00
    .pushsection .smap_sites, "a"
    .long 771b - ., \kind
    .popsection
    .endm
#define STAC SMAP_SITE 0xcb
#define CLAC SMAP_SITE 0xca

/* A fault between `from` and `to` (exclusive) resumes at `fixup`. */
    .macro may_fault from, to, fixup
    .pushsection .exception_table, "a"
    .long \from - ., \to - ., \fixup - .
    .popsection
    .endm

    .section .text.user_copy, "ax"

/* u32 user_copy(void *to, const void *from, u64 length). rcx runs from -length up to 0. */
function user_copy
    STAC
    leaq (%rdi,%rdx), %rdi
    leaq (%rsi,%rdx), %rsi
    movq %rdx, %rcx
    negq %rcx
    addq $64, %rcx
    jg 2f
    cmpq $-(REP_MINIMUM - 64), %rcx
    jg 1f
    cmpl $0, capabilities+CAP_FAST_REP(%rip)
    jne user_copy_rep
    .balign 16
1:  movq -64(%rsi,%rcx), %rax
    movq -56(%rsi,%rcx), %rdx
    movq -48(%rsi,%rcx), %r8
    movq -40(%rsi,%rcx), %r9
    movq %rax, -64(%rdi,%rcx)
    movq %rdx, -56(%rdi,%rcx)
    movq %r8, -48(%rdi,%rcx)
    movq %r9, -40(%rdi,%rcx)
    movq -32(%rsi,%rcx), %rax
    movq -24(%rsi,%rcx), %rdx
    movq -16(%rsi,%rcx), %r8
    movq -8(%rsi,%rcx), %r9
    movq %rax, -32(%rdi,%rcx)
    movq %rdx, -24(%rdi,%rcx)
    movq %r8, -16(%rdi,%rcx)
    movq %r9, -8(%rdi,%rcx)
    addq $64, %rcx
    jle 1b
2:  subq $56, %rcx
    jg 4f
3:  movq -8(%rsi,%rcx), %rax
    movq %rax, -8(%rdi,%rcx)
    addq $8, %rcx
    jle 3b
4:  subq $8, %rcx
    jz 6f
5:  movzbl (%rsi,%rcx), %eax
    movb %al, (%rdi,%rcx)
    incq %rcx
    jnz 5b
6:  CLAC
    xorl %eax, %eax
    ret
7:  subq $64, %rcx
    jmp 5b
8:  subq $8, %rcx
    jmp 5b
9:  CLAC
    negq %rcx
    movl %ecx, %eax
    ret
    may_fault 1b, 2b, 7b
    may_fault 3b, 4b, 8b
    may_fault 5b, 6b, 9b
/* The same by `rep`, where the CPU moves whole lines with it: rdi and rsi are the ends, rcx is 64 - length. */
user_copy_rep:
    subq $64, %rcx
    addq %rcx, %rdi
    addq %rcx, %rsi
    negq %rcx
    movl %ecx, %edx
    andl $7, %edx
    shrq $3, %rcx
1:  rep movsq
2:  movl %edx, %ecx
3:  rep movsb
4:  CLAC
    xorl %eax, %eax
    ret
7:  leaq (%rdx,%rcx,8), %rcx        /* what is left, byte by byte: an unaligned end of memory is met exactly */
    xorl %edx, %edx
    jmp 3b
9:  CLAC
    movl %ecx, %eax
    ret
    may_fault 1b, 2b, 7b
    may_fault 3b, 4b, 9b

/* u32 user_fill(void *to, u32 byte, u64 length) */
function user_fill
    STAC
    movzbl %sil, %eax
    movabsq $0x0101010101010101, %rsi
    imulq %rsi, %rax
    addq %rdx, %rdi
    movq %rdx, %rcx
    negq %rcx
    addq $64, %rcx
    jg 2f
    .balign 16
1:  movq %rax, -64(%rdi,%rcx)
    movq %rax, -56(%rdi,%rcx)
    movq %rax, -48(%rdi,%rcx)
    movq %rax, -40(%rdi,%rcx)
    movq %rax, -32(%rdi,%rcx)
    movq %rax, -24(%rdi,%rcx)
    movq %rax, -16(%rdi,%rcx)
    movq %rax, -8(%rdi,%rcx)
    addq $64, %rcx
    jle 1b
2:  subq $64, %rcx
    jz 4f
3:  movb %al, (%rdi,%rcx)
    incq %rcx
    jnz 3b
4:  CLAC
    xorl %eax, %eax
    ret
7:  subq $64, %rcx
    jmp 3b
9:  CLAC
    negq %rcx
    movl %ecx, %eax
    ret
    may_fault 1b, 2b, 7b
    may_fault 3b, 4b, 9b

/* s32 user_string(char *to, const char *from, u32 max): length without NUL, max without one, -1 fault.
 * Eight bytes at a time: a word holds a zero byte when (w - 0x01..01) & ~w & 0x80..80 is not zero. */
function user_string
    STAC
    movl %edx, %edx
    xorl %ecx, %ecx
    movabsq $0x0101010101010101, %r8
    movabsq $0x8080808080808080, %r9
1:  leaq 8(%rcx), %r11
    cmpq %rdx, %r11
    ja 3f
2:  movq (%rsi,%rcx), %rax
    movq %rax, %r10
    movq %rax, (%rdi,%rcx)
    subq %r8, %r10
    notq %rax
    andq %r9, %r10
    andq %rax, %r10
    jnz 5f
    movq %r11, %rcx
    jmp 1b
3:  cmpq %rdx, %rcx
    jae 6f
4:  movzbl (%rsi,%rcx), %eax
    movb %al, (%rdi,%rcx)
    testb %al, %al
    jz 6f
    incq %rcx
    jmp 3b
5:  bsfq %r10, %r10
    shrl $3, %r10d
    addl %r10d, %ecx
6:  CLAC
    movl %ecx, %eax
    ret
9:  CLAC
    movl $-1, %eax
    ret
    may_fault 2b, 3b, 3b
    may_fault 4b, 5b, 9b

/* u32 user_load32(u32 *to, const u32 *from), and so on: 0 done, 1 fault. */
function user_load32
    STAC
1:  movl (%rsi), %eax
2:  CLAC
    movl %eax, (%rdi)
    xorl %eax, %eax
    ret
    may_fault 1b, 2b, user_word_fault
function user_load64
    STAC
1:  movq (%rsi), %rax
2:  CLAC
    movq %rax, (%rdi)
    xorl %eax, %eax
    ret
    may_fault 1b, 2b, user_word_fault
function user_store32
    STAC
1:  movl %esi, (%rdi)
2:  CLAC
    xorl %eax, %eax
    ret
    may_fault 1b, 2b, user_word_fault
function user_store64
    STAC
1:  movq %rsi, (%rdi)
2:  CLAC
    xorl %eax, %eax
    ret
    may_fault 1b, 2b, user_word_fault
/* u32 user_compare_exchange32(u32 *to, u32 expected, u32 desired, u32 *found) */
function user_compare_exchange32
    movl %esi, %eax
    STAC
1:  lock cmpxchgl %edx, (%rdi)
2:  CLAC
    movl %eax, (%rcx)
    xorl %eax, %eax
    ret
    may_fault 1b, 2b, user_word_fault
user_word_fault:
    CLAC
    movl $1, %eax
    ret

/* ---- fix-ups that are not copies: no page is brought in ---- */
    .section .text.entry, "ax"
/* u64 read_word_or_zero(u64 address) */
function read_word_or_zero
1:  movq (%rdi), %rax
    ret
2:  xorl %eax, %eax
    ret
    may_fault 1b, 1b + 3, 2b
/* int fpu_restore_checked(const void *area, u64 mask), int fxrstor_checked(const void *area): 0, or 1 when the CPU refuses the image. */
function fpu_restore_checked
    movl %esi, %eax
    movq %rsi, %rdx
    shrq $32, %rdx
1:  xrstor64 (%rdi)
2:  xorl %eax, %eax
    ret
    may_fault 1b, 2b, fpu_refused
function fxrstor_checked
1:  fxrstor64 (%rdi)
2:  xorl %eax, %eax
    ret
    may_fault 1b, 2b, fpu_refused
fpu_refused:
    movl $1, %eax
    ret
/* int read_msr_checked(u32 msr, u64 *value), int write_msr_checked(u32 msr, u64 value): 1 when there is no such register. */
function read_msr_checked
    movl %edi, %ecx
    movq %rsi, %rdi
1:  rdmsr
2:  movl %eax, (%rdi)
    movl %edx, 4(%rdi)
    xorl %eax, %eax
    ret
    may_fault 1b, 2b, fpu_refused
function write_msr_checked
    movl %edi, %ecx
    movl %esi, %eax
    movq %rsi, %rdx
    shrq $32, %rdx
1:  wrmsr
2:  xorl %eax, %eax
    ret
    may_fault 1b, 2b, fpu_refused

    .section .note.GNU-stack, "", @progbits
