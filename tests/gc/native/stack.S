/* Stack switch and stack scan of the collector's test process: real assembly routines, as in the kernel. */
    .text

/* void switch_stack(u64 *saved, u64 to): saves the callee-saved registers and the stack pointer, resumes `to`. */
    .globl switch_stack
switch_stack:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

/* void scan_current(u64 end): scans the running stack from here to `end`, then wipes what lies below, so that stale
 * words do not keep objects alive by chance. */
    .globl scan_current
scan_current:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rdi, %rsi
    movq %rsp, %rdi
    subq $8, %rsp
    call scan_range
    leaq -32768(%rsp), %rdi
    movl $4096, %ecx
    xorl %eax, %eax
    cld
    rep stosq
    addq $8, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

    .section .note.GNU-stack, "", @progbits
