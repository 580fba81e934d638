/* Programs of the native smoke test: run in user mode at USER_CODE, one entry each; system-call numbers are smoke.c's. */
#define SYS_CHECK 1     /* rdi: failed step or 0 */
#define SYS_ARGS 2
#define SYS_REPORT 3
#define SYS_YIELD 4
#define SYS_EXIT 5

    .section .user_program, "a"
    .balign 4096
    .globl user_program_start, user_program_end
    .globl user_registers, user_traps, user_fpu, user_fpu2, user_spin, user_step, user_bases, user_idle
user_program_start:

    .macro fail_unless condition, step
    j\condition 1f
    movl $\step, %edi
    jmp fail
1:
    .endm

fail:
    movl $SYS_CHECK, %eax
    syscall
    ud2

/* System call: arguments arrive, all registers survive, rcx = rip, r11 = flags, DF is the user's afterwards. */
user_registers:
    movl $100, %ebx
    movl $101, %ebp
    movl $102, %r12d
    movl $103, %r13d
    movl $104, %r14d
    movl $105, %r15d
    movl $11, %edi
    movl $12, %esi
    movl $13, %edx
    movl $14, %r10d
    movl $15, %r8d
    movl $16, %r9d
    movq %rsp, saved_rsp(%rip)
    std
    movl $SYS_ARGS, %eax
    syscall
after:
    pushfq
    cld
    popq saved_flags(%rip)
    cmpq $1234, %rax
    fail_unless e, 1
    cmpq $100, %rbx
    fail_unless e, 2
    cmpq $101, %rbp
    fail_unless e, 3
    cmpq $102, %r12
    fail_unless e, 4
    cmpq $103, %r13
    fail_unless e, 5
    cmpq $104, %r14
    fail_unless e, 6
    cmpq $105, %r15
    fail_unless e, 7
    cmpq $11, %rdi
    fail_unless e, 8
    cmpq $12, %rsi
    fail_unless e, 9
    cmpq $13, %rdx
    fail_unless e, 10
    cmpq $14, %r10
    fail_unless e, 11
    cmpq $15, %r8
    fail_unless e, 12
    cmpq $16, %r9
    fail_unless e, 13
    leaq after(%rip), %rax
    cmpq %rax, %rcx
    fail_unless e, 14
    testq $0x400, %r11
    fail_unless nz, 15
    testq $0x400, saved_flags(%rip)
    fail_unless nz, 16
    cmpq saved_rsp(%rip), %rsp
    fail_unless e, 17
    movw %cs, %ax
    cmpw $0x33, %ax
    fail_unless e, 18
    movw %ss, %ax
    cmpw $0x2b, %ax
    fail_unless e, 19
    lsl cpu_segment(%rip), %eax
    fail_unless z, 20
    testl %eax, %eax
    fail_unless z, 21
    xorl %edi, %edi
    movl $SYS_CHECK, %eax
    syscall
    jmp user_registers      /* once more, after the handler asked for the long way back */

/* Traps: the kernel steps over each by setting rip. */
user_traps:
    int3
    int $0x80
    ud2
    movabsq $0x800000000000, %rax
    movb (%rax), %al
    nop
    movb 0x7000000, %al     /* the kernel maps it */
    movb %al, %dil
    movzbl %dil, %edi
    movl $SYS_REPORT, %eax
    syscall
    xorl %edi, %edi
    movl $SYS_CHECK, %eax
    syscall

/* Two threads with different FPU contents take turns. r12d: pattern. */
user_fpu:
user_fpu2:
    movd %r12d, %xmm0
    pshufd $0, %xmm0, %xmm0
    movdqa %xmm0, %xmm9
    movdqa %xmm0, %xmm15
    fninit
    movl %r12d, -8(%rsp)
    fildl -8(%rsp)
    movl $50, %ebx
1:  movl $SYS_YIELD, %eax
    syscall
    movd %xmm0, %eax
    cmpl %r12d, %eax
    jne 8f
    movd %xmm9, %eax
    cmpl %r12d, %eax
    jne 8f
    psrldq $12, %xmm15
    movd %xmm15, %eax
    cmpl %r12d, %eax
    jne 8f
    pshufd $0, %xmm15, %xmm15
    fistl -8(%rsp)
    cmpl %r12d, -8(%rsp)
    jne 8f
    decl %ebx
    jnz 1b
    xorl %edi, %edi
    movl $SYS_EXIT, %eax
    syscall
8:  movl $1, %edi
    movl $SYS_EXIT, %eax
    syscall

/* Interrupts arrive while all registers hold known values; rbx counts down. */
user_spin:
    movl $7, %edi
    movl $8, %esi
    movl $9, %r15d
    movl $10, %r11d
    movl $11, %ecx
    movl $12, %eax
1:  cmpl $7, %edi
    fail_unless e, 30
    cmpl $8, %esi
    fail_unless e, 31
    cmpl $9, %r15d
    fail_unless e, 32
    cmpl $10, %r11d
    fail_unless e, 33
    cmpl $11, %ecx
    fail_unless e, 34
    cmpl $12, %eax
    fail_unless e, 35
    cmpl $0, 0x600000       /* the kernel's interrupt handler ends it */
    je 1b
    xorl %edi, %edi
    movl $SYS_CHECK, %eax
    syscall

/* Single-stepping, across a system call too. */
user_step:
    pushq $0x302
    popfq
    nop
    movl $SYS_ARGS, %eax
    syscall
    nop
    pushq $0x202
    popfq
    xorl %edi, %edi
    movl $SYS_CHECK, %eax
    syscall

/* fs and gs bases differ per thread; a kernel address as gs base does not confuse the kernel. r12: expected fs base. */
user_bases:
    movl $20, %ebx
1:  movl $SYS_YIELD, %eax
    syscall
    movq %fs:0, %rax
    cmpq %r12, %rax
    jne 9f
    movq %gs:0, %rax
    cmpq %r12, %rax
    jne 9f
    decl %ebx
    jnz 1b
    testl %r13d, %r13d      /* FSGSBASE */
    jz 2f
    movabsq $0xffffffff00001000, %rax
    wrgsbase %rax
    movl $1000, %ebx
3:  decl %ebx
    jnz 3b
    movl $SYS_YIELD, %eax
    syscall
    int3                    /* the kernel sends itself an NMI here */
    rdgsbase %rcx
    cmpq %rax, %rax
    movabsq $0xffffffff00001000, %rdx
    cmpq %rdx, %rcx
    jne 9f
2:  xorl %edi, %edi
    movl $SYS_EXIT, %eax
    syscall

9:  movl $1, %edi
    movl $SYS_EXIT, %eax
    syscall

user_idle:
    movl $SYS_EXIT, %eax
    xorl %edi, %edi
    syscall

cpu_segment: .word 0x7b
    .balign 8
saved_rsp: .quad 0
saved_flags: .quad 0
    .balign 4096
user_program_end:
    .section .note.GNU-stack, "", @progbits
