/* The smallest static program, as bytes inside the benchmark program: exit_group(0). */
        .section .rodata
        .globl tiny_program, tiny_program_end
        .balign 8
tiny_program:
        .byte 0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0
        .short 2, 62                            /* ET_EXEC, EM_X86_64 */
        .long 1
        .quad 0x400000 + (code - tiny_program)  /* e_entry */
        .quad 64, 0                             /* e_phoff, e_shoff */
        .long 0
        .short 64, 56, 1, 0, 0, 0
        .long 1, 5                              /* PT_LOAD, R+X */
        .quad 0, 0x400000, 0x400000
        .quad tiny_program_end - tiny_program, tiny_program_end - tiny_program, 0x1000
code:   movl    $231, %eax
        xorl    %edi, %edi
        syscall
tiny_program_end:
        .section .note.GNU-stack, "", @progbits
