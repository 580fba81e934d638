# Programs: bash gcc as ld cat head sort uname grep seq rm
# Files: /usr/lib/gcc/x86_64-linux-gnu/12/cc1 /usr/lib/gcc/x86_64-linux-gnu/12/collect2 /usr/lib/gcc/x86_64-linux-gnu/12/liblto_plugin.so
# Files: /usr/lib/gcc/x86_64-linux-gnu/12/include /usr/lib/gcc/x86_64-linux-gnu/12/libgcc.a /usr/lib/gcc/x86_64-linux-gnu/12/libgcc_s.so
# Files: /usr/lib/gcc/x86_64-linux-gnu/12/crtbegin.o /usr/lib/gcc/x86_64-linux-gnu/12/crtend.o /usr/lib/gcc/x86_64-linux-gnu/12/crtbeginS.o
# Files: /usr/lib/gcc/x86_64-linux-gnu/12/crtendS.o /usr/lib/gcc/x86_64-linux-gnu/12/crtbeginT.o /usr/lib/gcc/x86_64-linux-gnu/12/libgcc_eh.a
# Files: /lib/x86_64-linux-gnu/libgcc_s.so.1
# Files of: libc6-dev linux-libc-dev
# gcc: programs compiled, linked and run here; diagnostics; several at once.
cat > hello.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static void *square(void *argument) { long n = (long)argument; return (void *)(n * n); }
static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }
int main(int argc, char **argv) {
  pthread_t threads[8];
  long sum = 0;
  for (long i = 0; i < 8; i++) pthread_create(&threads[i], NULL, square, (void *)i);
  for (int i = 0; i < 8; i++) { void *result; pthread_join(threads[i], &result); sum += (long)result; }
  qsort(argv + 1, argc - 1, sizeof *argv, by_text);
  printf("sum %ld", sum);
  for (int i = 1; i < argc; i++) printf(" %s", argv[i]);
  printf("\n");
  return argc;
}
END
gcc -O2 -Wall -o hello hello.c && ./hello pear apple fig; echo "status $?"
gcc -static -O1 -g -o static hello.c && ./static b a; echo "status $?"
gcc -c hello.c -o hello.o && gcc -shared -fPIC -o libone.so -x c - <<< 'int one(void) { return 1; }' && gcc -o two -x c - -L. -lone -Wl,-rpath,"$PWD" <<< 'int one(void); int main(void) { return one() + 1; }' && ./two; echo "status $?"
echo 'int main(void) { return undefined_name; }' > wrong.c; gcc -o wrong wrong.c; echo "status $?"
echo 'int f(void); int main(void) { return f(); }' > lacks.c; gcc -o lacks lacks.c 2>&1 | grep -o 'undefined reference.*'; [ -e lacks ] || echo "no output"
gcc -E -dM - < /dev/null | grep -c __
gcc -S -O2 -o - -x c - <<< 'long triple(long a) { return 3 * a; }' | grep -v '^\s*\.'
for i in 1 2 3 4; do echo "int f$i(void) { return $i; }" > f$i.c; gcc -O2 -c f$i.c & done; wait
echo 'int f1(void), f2(void), f3(void), f4(void); int main(void) { return f1() + f2() + f3() + f4(); }' | gcc -x c - -x none f?.o -o all && ./all; echo "status $?"
gcc -pipe -O2 -o hello hello.c && ./hello; gcc -O2 -flto=auto -fno-use-linker-plugin -o absent absent.c; echo "status $?"
