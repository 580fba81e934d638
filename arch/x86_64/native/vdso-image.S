/* The finished vDSO, page aligned in read-only data, and the data page before it in every address space.
 * imageRegion(3) and imageRegion(6); vdso.so is built from vdso/ before this is assembled. */
    .section .vdso_image, "a"
    .balign 4096
    .globl vdso_image_start, vdso_image_end
    .hidden vdso_image_start, vdso_image_end
vdso_image_start:
    .incbin "vdso.so"
    .balign 4096
vdso_image_end:

    .section .bss.vdso_page, "aw", @nobits
    .balign 4096
    .globl vdso_page
    .hidden vdso_page
vdso_page:
    .skip 4096

    .section .note.GNU-stack, "", @progbits
