/* The ways into the kernel and back: system calls, exceptions, interrupts, and the switch between kernel stacks.
 *
 * Invariants: in kernel mode gs is the CPU's struct cpu (native.h), interrupts are off, DF and AC are clear, and the
 * 23 words below the stack top of a thread that came from user mode are its user registers (struct registers).
 * A thread in user mode has an empty kernel stack; the TSS and system calls start at CPU_RSP0 = stack top - 16.
 * Specifications: Intel SDM volume 3, chapters 5 and 6; AMD64 manual volume 2, 6.1 and 8.9. */
#include "native.h"

    .macro function name
    .globl \name
    .hidden \name
    .type \name, @function
    .balign 16
\name:
    .endm

/* stac and clac are put in at boot when the CPU has SMAP; until then they are three-byte no-ops. */
    .macro SMAP_SITE kind
771: .byte 0x0f, 0x1f, 0x00
    .pushsection .smap_sites, "a"
    .long 771b - ., \kind
    .popsection
    .endm
#define STAC SMAP_SITE 0xcb
#define CLAC SMAP_SITE 0xca

/* Pushes what lies below rdi in struct registers. */
    .macro push_below_rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %rax
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    .endm
/* Restores all registers and drops orig_rax: rsp then points to the interrupt frame. */
    .macro pop_registers
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
    addq $8, %rsp
    .endm

    .section .text.entry, "ax"

/* ---- system calls ---- */
/* The short way back restores only what C may have changed; rbx, rbp and r12..r15 still hold the user's values. */
function syscall_entry
    swapgs
    movq %rsp, %gs:CPU_USER_RSP
    movq %gs:CPU_RSP0, %rsp
    pushq $USER_DS
    pushq %gs:CPU_USER_RSP
    pushq %r11
    pushq $USER_CS
    pushq %rcx
    pushq %rax
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq $-38                      /* -ENOSYS until the result is known */
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %r9                       /* seventh argument; also aligns the stack */
    movq %r8, %r9
    movq %r10, %r8
    movq %rdx, %rcx
    movq %rsi, %rdx
    movq %rdi, %rsi
    movq %rax, %rdi
    call w2c_kernel_syscall
    cmpl $0, %gs:CPU_EXIT_FLAGS
    jne syscall_slow_exit
    movq 8+R_RDI(%rsp), %rdi
    movq 8+R_RSI(%rsp), %rsi
    movq 8+R_RDX(%rsp), %rdx
    movq 8+R_R10(%rsp), %r10
    movq 8+R_R8(%rsp), %r8
    movq 8+R_R9(%rsp), %r9
    movq 8+R_RIP(%rsp), %rcx        /* below the user limit: the code around `syscall` was mapped there */
    movq 8+R_FLAGS(%rsp), %r11
    movq 8+R_RSP(%rsp), %rsp
    swapgs
    sysretq

syscall_slow_exit:
    addq $8, %rsp
    movq %rax, R_RAX(%rsp)
exit_with_work:
    movq %rsp, %rdi
    subq $8, %rsp
    call native_exit_work
    addq $8, %rsp
/* sysret only when it restores exactly what the frame says; else, and for a non-canonical rip above all, iret. */
    movq R_RIP(%rsp), %rcx
    cmpq %rcx, R_RCX(%rsp)
    jne restore_by_iret
    movq R_FLAGS(%rsp), %r11
    cmpq %r11, R_R11(%rsp)
    jne restore_by_iret
    testl $0x10100, %r11d           /* RF, TF */
    jnz restore_by_iret
    movq %rcx, %rax
    shrq $47, %rax
    jnz restore_by_iret
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    addq $8, %rsp
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    addq $8, %rsp
    popq %rdx
    popq %rsi
    popq %rdi
    movq (R_RSP - R_ORIG_RAX)(%rsp), %rsp
    swapgs
    sysretq

exit_to_user:
    cmpl $0, %gs:CPU_EXIT_FLAGS
    jne exit_with_work
restore_by_iret:
    pop_registers
    swapgs
    iretq

/* Compatibility mode cannot be entered (no 32-bit code segment); CSTAR has to lead somewhere all the same. */
function syscall32_entry
    movl $-38, %eax
    sysretl

/* ---- the 256 vectors: 16 bytes each; error code and rdi are on the stack, edi is the vector ---- */
    .balign 16
    .globl vector_stubs
    .hidden vector_stubs
vector_stubs:
    vector = 0
    .rept 256
    .balign 16
    .if vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30
    pushq %rdi
    movl $vector, %edi
    .elseif vector < 32
    pushq $0
    pushq %rdi
    movl $vector, %edi
    .else
    pushq $-1
    pushq %rdi
    movl $vector, %edi
    .endif
    .if vector == 1 || vector == 2 || vector == 8 || vector == 18
    jmp own_stack_entry
    .elseif vector < 32
    jmp exception_entry
    .else
    jmp interrupt_entry
    .endif
    vector = vector + 1
    .endr

    .balign 16
interrupt_entry:
    testb $3, 24(%rsp)
    jz 1f
    swapgs
    push_below_rdi
    cld
    CLAC
    subq $8, %rsp
    movl $1, %esi
    call w2c_kernel_interrupt
    addq $8, %rsp
    jmp exit_to_user
1:  push_below_rdi
    cld
    CLAC
    subq $8, %rsp
    xorl %esi, %esi
    call w2c_kernel_interrupt
    addq $8, %rsp
    pop_registers
    iretq

    .balign 16
exception_entry:
    testb $3, 24(%rsp)
    jz kernel_exception
    swapgs
user_exception:
    push_below_rdi
    cld
    CLAC
    movq R_ORIG_RAX(%rsp), %rsi
    movq $-1, R_ORIG_RAX(%rsp)
    subq $8, %rsp
    cmpl $14, %edi
    jne 1f
    movq %cr2, %rdi
    movl $1, %edx
    call w2c_kernel_pageFault
    addq $8, %rsp
    jmp exit_to_user
1:  cmpl $7, %edi
    jne 2f
    call fpu_trap
    testl %eax, %eax
    jnz 3f
    movl $7, %edi
    xorl %esi, %esi
2:  xorl %edx, %edx
    call w2c_kernel_userTrap
3:
    addq $8, %rsp
    jmp exit_to_user

kernel_exception:
    push_below_rdi
    cld
    CLAC
    movq %cr2, %rdx
    movq %rsp, %rsi
    subq $8, %rsp
    call native_kernel_exception
    addq $8, %rsp
    pop_registers
    iretq

/* Double fault, machine check, NMI, debug: on stacks of their own, at any point of the kernel, so gs can be the
 * user's even in kernel mode. The top word of each such stack points to the CPU's struct cpu. */
    .balign 16
own_stack_entry:
    push_below_rdi
    cld
    CLAC
    movq %rsp, %r12
    movl %edi, %r13d
    movl $MSR_GS_BASE, %ecx
    rdmsr
    shlq $32, %rdx
    orq %rdx, %rax
    movq %rax, %r14                 /* the interrupted gs base */
    movq %rsp, %rax
    orq $0x3fff, %rax
    movq -7(%rax), %rbx
    cmpq %rbx, %r14
    je 1f
    movl $MSR_GS_BASE, %ecx
    movl %ebx, %eax
    movq %rbx, %rdx
    shrq $32, %rdx
    wrmsr
1:  testb $3, R_CS(%r12)
    jz 2f
    cmpl $1, %r13d
    je debug_from_user
2:  movl %r13d, %edi
    movq %r12, %rsi
    movq %cr2, %rdx
    andq $-16, %rsp
    call native_own_stack_exception
    movq %r12, %rsp
    cmpq %rbx, %r14
    je 3f
    movl $MSR_GS_BASE, %ecx
    movl %r14d, %eax
    movq %r14, %rdx
    shrq $32, %rdx
    wrmsr
3:  pop_registers
    iretq

/* A debug trap of user mode continues on the thread's own stack, because it may sleep. The user's gs base, which
 * swapgs would have saved, goes to the MSR where it belongs in kernel mode. */
debug_from_user:
    movl $MSR_KERNEL_GS_BASE, %ecx
    movl %r14d, %eax
    movq %r14, %rdx
    shrq $32, %rdx
    wrmsr
    movq %gs:CPU_RSP0, %rsp
    pushq R_SS(%r12)
    pushq R_RSP(%r12)
    pushq R_FLAGS(%r12)
    pushq R_CS(%r12)
    pushq R_RIP(%r12)
    pushq $0
    pushq R_RDI(%r12)
    movl $1, %edi
    movq R_RBX(%r12), %rbx
    movq R_RAX(%r12), %rax
    movq R_RCX(%r12), %rcx
    movq R_RDX(%r12), %rdx
    movq R_RSI(%r12), %rsi
    movq R_R14(%r12), %r14
    movq R_R13(%r12), %r13
    movq R_R12(%r12), %r12
    jmp user_exception

/* ---- threads ---- */
/* void native_switch(u32 to): `to` is live and not the current slot (checked by the caller); bases are dealt with. */
function native_switch
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movabsq $STACKS_BASE, %rdx
    movl %gs:CPU_SLOT, %eax
    shlq $SLOT_SHIFT, %rax
    movq %rsp, SAVED_RSP_OFFSET(%rdx,%rax)
    movl %edi, %ecx
    shlq $SLOT_SHIFT, %rcx
    addq %rdx, %rcx
    movl %edi, %gs:CPU_SLOT
    leaq (STACK_TOP_OFFSET - FRAME_END_BELOW_TOP)(%rcx), %rax
    movq %rax, %gs:CPU_RSP0
    movq SAVED_RSP_OFFSET(%rcx), %rsp
    orl $(EXIT_DIRTY | EXIT_FPU), %gs:CPU_EXIT_FLAGS
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

/* First instruction of a new thread: its slot number is on the stack, where threadPrepare put it. */
function native_thread_start
    popq %rdi
    call w2c_kernel_threadMain
    addq $8, %rsp
    jmp exit_to_user

/* void native_scan_stack(u64 from, u64 end, u32 linear_bytes): each aligned 4-byte word that is an offset into linear
 * memory, and each aligned 8-byte word that is an address inside it, is passed to gcMarkWord. Offsets below
 * 1024 are never objects (asc puts static data from there on). */
function native_scan_stack
    pushq %rbx
    pushq %rbp
    pushq %r12
    movq %rdi, %rbx
    movq %rsi, %rbp
    movl %edx, %r12d
    subl $1024, %r12d
1:  cmpq %rbp, %rbx
    jae 5f
    movl (%rbx), %edi
    movl 4(%rbx), %ecx
    leal -1024(%rdi), %eax
    cmpl %r12d, %eax
    jb 3f
2:  cmpl $-1, %ecx
    jne 4f
    addl $0x80000000, %edi          /* LINEAR_BASE: an address has 0xffffffff above and bit 31 set */
    leal -1024(%rdi), %eax
    cmpl %r12d, %eax
    jae 6f
    call w2c_kernel_gcMarkWord
    jmp 6f
3:  call w2c_kernel_gcMarkWord
    movl 4(%rbx), %ecx
    cmpl $-1, %ecx
    je 6f
4:  leal -1024(%rcx), %eax
    cmpl %r12d, %eax
    jae 6f
    movl %ecx, %edi
    call w2c_kernel_gcMarkWord
6:  addq $8, %rbx
    jmp 1b
5:  popq %r12
    popq %rbp
    popq %rbx
    ret

/* void native_scan_current(u64 end, u32 linear_bytes): the running stack, the callee-saved registers spilled first. */
function native_scan_current
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movl %esi, %edx
    movq %rdi, %rsi
    movq %rsp, %rdi
    subq $8, %rsp
    call native_scan_stack
    addq $56, %rsp
    ret

    .section .note.GNU-stack, "", @progbits
