/* The first instructions of the kernel: from the boot loader's 32-bit protected mode to long mode.
 *
 * Entered by PVH (QEMU -kernel, Xen, cloud hypervisors) at pvh_entry or by Multiboot2 (GRUB) at multiboot2_entry.
 * In: ebx = physical address of the start info / Multiboot2 information; paging off, flat segments, interrupts off.
 * Until the jump to entry_high the code does not know at which address it runs: ebp holds the physical address of
 * image_start, and everything is addressed as off_NAME(%ebp) with the distances that kernel.ld computes.
 * Specifications: Xen "x86/HVM direct boot ABI", "Multiboot2 Specification version 2.0", Intel SDM volume 3, 9.8.5. */
#include "../arch/x86_64/native/native.h"

#define MULTIBOOT2_MAGIC 0xe85250d6
#define MULTIBOOT2_LOADED 0x36d76289

/* ---- Multiboot2 header ---- */
    .section .multiboot2, "a"
    .balign 8
mb2_header:
    .long MULTIBOOT2_MAGIC, 0, mb2_header_end - mb2_header
    .long -(MULTIBOOT2_MAGIC + 0 + (mb2_header_end - mb2_header))
    .balign 8
    .word 1, 1                      /* information request, optional */
    .long 8 + 4 * 7
    .long 1, 3, 6, 8, 14, 15, 17    /* command line, modules, memory map, framebuffer, RSDP old and new, EFI map */
    .balign 8
    .word 10, 0                     /* relocatable: anywhere below 4 GiB, prefer the lowest place that is free */
    .long 24
    .long 0x200000, 0xffffffff, 0x200000, 1
    .balign 8
    .word 5, 1                      /* framebuffer, optional: a preference, text is as good */
    .long 20
    .long 1024, 768, 32
    .balign 8
    .word 6, 1                      /* modules page aligned */
    .long 8
    .balign 8
    .word 0, 0
    .long 8
mb2_header_end:

/* ---- PVH note: the physical entry point ---- */
    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 8, 18                  /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .quad pvh_entry_address

/* ---- 32-bit code ---- */
    .section .text.entry32, "ax"
    .code32
    .globl pvh_entry, multiboot2_entry, located, entry64, boot_gdt
pvh_entry:
    movl $1, %esi
    jmp find_address
multiboot2_entry:
    movl $2, %esi
    cmpl $MULTIBOOT2_LOADED, %eax
    jne cannot_boot

/* No stack is promised: the call below borrows the first word of the information structure for its return address. */
find_address:
    cli
    cld
    movl (%ebx), %edx
    leal 4(%ebx), %esp
    call located
located:
    popl %ebp
    movl %edx, (%ebx)
    subl $off_located, %ebp
    leal (off_stack_frames + 4 * 4096)(%ebp), %esp

    movl $0x80000000, %eax
    pushl %ebx
    cpuid
    movl $0, %edi                   /* upper half of a page-table entry that must not be executed */
    cmpl $0x80000001, %eax
    jb cannot_boot
    movl $0x80000001, %eax
    cpuid
    popl %ebx
    testl $(1 << 29), %edx          /* long mode */
    jz cannot_boot
    testl $(1 << 20), %edx          /* no-execute */
    jz 1f
    movl $0x80000000, %edi
1:
    /* SSE on (every x86-64 CPU has it): bss is cleared with wide stores. */
    movl %cr0, %eax
    andl $~0x0c, %eax               /* EM, TS */
    orl $0x02, %eax                 /* MP */
    movl %eax, %cr0
    movl $0x620, %eax               /* PAE, OSFXSR, OSXMMEXCPT; nothing the firmware left: LA57 above all */
    movl %eax, %cr4

    leal off_bss_start(%ebp), %eax
    leal off_bss_end(%ebp), %ecx
    xorps %xmm0, %xmm0
2:  movaps %xmm0, (%eax)
    movaps %xmm0, 16(%eax)
    movaps %xmm0, 32(%eax)
    movaps %xmm0, 48(%eax)
    addl $64, %eax
    cmpl %ecx, %eax
    jb 2b

    call build_page_tables

    leal off_pml4(%ebp), %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx          /* EFER: LME, NXE if there, SCE comes later */
    rdmsr
    orl $0x100, %eax
    testl %edi, %edi
    jz 3f
    orl $0x800, %eax
3:  wrmsr
    movl %cr0, %eax
    orl $0x80010001, %eax           /* PG, WP, PE */
    movl %eax, %cr0

    leal off_boot_gdt(%ebp), %eax
    pushl %eax
    pushw $(4 * 8 - 1)
    lgdt (%esp)
    addl $6, %esp
    leal off_entry64(%ebp), %eax
    pushl $KERNEL_CS
    pushl %eax
    lret

/* Writes `count` (ecx) entries from edx on: eax = address and low flags, step 4096, high half in edi's place (esi). */
fill_entries:
1:  movl %eax, (%edx)
    movl %esi, 4(%edx)
    addl $4096, %eax
    addl $8, %edx
    decl %ecx
    jnz 1b
    ret

/* entry = table(ebp) index: points to a lower table, writable, executable unless forbidden below. */
    .macro link table, index, lower
    leal (\lower + 3)(%ebp), %eax
    movl %eax, (\table + 8 * \index)(%ebp)
    .endm

build_page_tables:
    pushl %esi
    /* Direct map of 4 GiB and, until entry_high, the same at 0. The no-execute bit is in the top-level entry. */
    movl $0x83, %eax
    leal off_pd_direct(%ebp), %edx
    movl $2048, %ecx
1:  movl %eax, (%edx)
    addl $0x200000, %eax
    addl $8, %edx
    decl %ecx
    jnz 1b
    link off_pdpt_direct, 0, off_pd_direct
    link off_pdpt_direct, 1, off_pd_direct + 0x1000
    link off_pdpt_direct, 2, off_pd_direct + 0x2000
    link off_pdpt_direct, 3, off_pd_direct + 0x3000
    link off_pml4, 0, off_pdpt_direct
    link off_pml4, 256, off_pdpt_direct
    movl %edi, (off_pml4 + 8 * 256 + 4)(%ebp)

    /* The image: text may be executed, read-only data only read, data read and written. */
    link off_pml4, 511, off_pdpt_top
    link off_pdpt_top, 508, off_pd_image
    link off_pdpt_top, 510, off_pd_linear
    leal off_pt_image(%ebp), %edx
    leal 1(%ebp), %eax
    xorl %esi, %esi
    movl $off_text_end, %ecx
    shrl $12, %ecx
    call fill_entries
    movl %edi, %esi
    movl $off_rodata_end, %ecx
    subl $off_text_end, %ecx
    shrl $12, %ecx
    call fill_entries
    orl $3, %eax
    movl $off_data_end, %ecx
    subl $off_rodata_end, %ecx
    shrl $12, %ecx
    call fill_entries
    leal (off_pt_image + 3)(%ebp), %eax
    leal off_pd_image(%ebp), %edx
    movl $off_data_end + 0x1fffff, %ecx
    shrl $21, %ecx
    xorl %esi, %esi
    call fill_entries

    /* Linear memory. */
    leal (off_linear_frames + 3)(%ebp), %eax
    leal off_pt_linear(%ebp), %edx
    movl $count_pte_linear, %ecx
    movl %edi, %esi
    call fill_entries
    movl $0, off_pt_linear(%ebp)    /* the first page stays away: null faults */
    movl $0, (off_pt_linear + 4)(%ebp)
    leal (off_pt_linear + 3)(%ebp), %eax
    leal off_pd_linear(%ebp), %edx
    movl $count_pt_linear, %ecx
    xorl %esi, %esi
    call fill_entries

    /* Kernel stacks: slot 0 with its FPU page; the interrupt stacks lie behind the last slot. */
    link off_pml4, STACKS_PML4_INDEX, off_pdpt_stacks
    movl %edi, (off_pml4 + 8 * STACKS_PML4_INDEX + 4)(%ebp)
    link off_pdpt_stacks, 0, off_pd_stacks
    link off_pd_stacks, 0, off_pt_slot0
    link off_pdpt_stacks, 2, off_pd_ist
    link off_pd_ist, 0, off_pt_ist
    leal (off_stack_frames + 3)(%ebp), %eax
    leal (off_pt_slot0 + 8 * 8)(%ebp), %edx
    movl $5, %ecx
    call fill_entries
    leal (off_pt_ist + 8 * 8)(%ebp), %edx           /* double fault */
    movl $4, %ecx
    call fill_entries
    leal (off_pt_ist + 8 * (16 + 8))(%ebp), %edx    /* machine check */
    movl $4, %ecx
    call fill_entries
    leal (off_pt_ist + 8 * (32 + 11))(%ebp), %edx   /* NMI */
    movl $1, %ecx
    call fill_entries
    leal (off_pt_ist + 8 * (48 + 11))(%ebp), %edx   /* debug */
    movl $1, %ecx
    call fill_entries
    popl %esi
    ret

/* Not a 64-bit CPU, or not a boot loader we know: say so on the serial port and stop. */
cannot_boot:
    movw $0x3f8, %dx
    movb $'!', %al
    outb %al, %dx
1:  cli
    hlt
    jmp 1b

    .balign 8
boot_gdt:
    .quad 0, 0
    .quad 0x00af9b000000ffff        /* KERNEL_CS */
    .quad 0x00cf93000000ffff        /* KERNEL_DS */

/* ---- long mode, still at the physical address ---- */
    .code64
entry64:
    movl $KERNEL_DS, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    xorl %eax, %eax
    movl %eax, %fs
    movl %eax, %gs
    movl %ebp, %ebp
    movl %ebx, %ebx
    movl %esi, %esi
    movabsq $entry_high, %rax
    jmp *%rax

    .section .text.entry, "ax"
entry_high:
    movabsq $(STACKS_BASE + STACK_TOP_OFFSET - 192), %rsp
    movq $0, early_pml4(%rip)       /* no mapping at 0 any more: null pointers fault */
    movq %cr3, %rax
    movq %rax, %cr3
    movl %esi, %edi
    movq %rbx, %rsi
    movq %rbp, %rdx
    xorl %ebp, %ebp
    call native_boot
1:  cli
    hlt
    jmp 1b
