# Programs: bash as ld nm objdump readelf strip ar size strings objcopy c++filt cat wc sed
# The assembler and linker make programs, which then run.
cat > hello.s <<'END'
.globl _start
.section .rodata
text: .ascii "assembled and linked here\n"
.set length, . - text
.text
_start: mov $1, %eax
 mov $1, %edi
 lea text(%rip), %rsi
 mov $length, %edx
 syscall
 call answer
 mov %eax, %edi
 mov $60, %eax
 syscall
END
cat > answer.s <<'END'
.globl answer
.type answer, @function
answer: imul $6, seven(%rip), %eax
 ret
.size answer, . - answer
.data
seven: .long 7
END
as -o hello.o hello.s; as -o answer.o answer.s; ar rcs libanswer.a answer.o; ar t libanswer.a; ld -o hello hello.o -L. -lanswer; ./hello; echo "status $?"
nm hello.o answer.o; readelf -hW hello | sed -n '2,9p'; readelf -lW hello | wc -l; objdump -d --no-show-raw-insn answer.o | sed -n '7,$p'; size hello | wc -l; strings -n 10 hello
strip -s hello; nm hello; ./hello; echo $?; ld -pie -o pie hello.o -L. -lanswer --no-dynamic-linker; ./pie; echo $?; ld -shared -o libanswer.so answer.o; readelf -d libanswer.so | wc -l; objcopy -O binary -j .rodata hello.o text; cat text
echo 'nonsense here' | as -o x.o -; echo $?; ld -o x missing.o; echo $?; echo _ZN3foo3barEv | c++filt
