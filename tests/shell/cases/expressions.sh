# expr, test, printf, date, dc, bc, seq, factor, cal: programs that compute.
expr 1 + 2 '*' 3; expr 10 % 4; expr 7 / 2; expr -7 / 2; expr 1 / 0; echo "expr $?"; expr abc : 'a\(.*\)'; expr abc : 'b'; expr length hello; expr substr hello 2 3; expr index hello l
expr 3 '<' 20; expr abc '<' abd; expr a '=' b; echo $?; expr 0; echo $?; expr '' '|' fallback; expr x '&' y; expr '(' 2 + 3 ')' '*' 4
test 1 -lt 2 && test 2 -le 2 && test 3 -gt 2 && test 3 -ge 3 && test 1 -ne 2 && echo numbers
test a '<' b && test b '>' a && test -z '' && test -n x && test ! -n '' && test a = a -a b != c && test a = b -o c = c && echo strings
[ -f nothing ]; echo $?; [ -d . ] && [ -r . ] && [ -w . ] && [ -x . ] && echo folder; [ 1 -eq x ] 2>/dev/null; echo $?; test; echo $?; test x; echo $?; test = ; echo $?
touch -d '2001-01-01' old; touch -d '2002-01-01' new; [ new -nt old ] && [ old -ot new ] && echo newer; mkfifo p; [ -p p ] && echo pipe; ln -s none l; [ -L l ] && [ ! -e l ] && echo dangling; [ -s old ] || echo empty
: > u; chmod u+s,g+s,+t u; [ -u u ] && [ -g u ] && [ -k u ] && echo bits; [ -c /dev/null ] && echo character; [ -t 0 ] || echo 'no terminal'
printf '%d %i %o %u %x %X %c %s %%\n' 10 -11 8 12 255 255 char string; printf '%5d|%-5d|%05d|%+d|% d\n' 1 2 3 4 5; printf '%.2f %e %g %G\n' 3.14159 12345.678 0.0001 1e20
printf '%s %s\n' a b c; printf '%b' 'tab\there\n\101\x42\n'; printf '%q\n' x 2>/dev/null; printf '%*d|%-*d|\n' 5 1 5 2; printf '%.3s|%10s|%-10s|\n' abcdef right left; printf '\060\x31\n'; printf '%d\n' 0x1f 010 "'A"; printf '%d\n' abc 2>/dev/null; echo "printf $?"
date -u -d @0; date -u -d @1700000000 '+%Y-%m-%dT%H:%M:%SZ %a %A %b %B %j %U %u %w %y %C %e %I %p %Z %z %s %D %T %R %h %n%t%%'; date -u -d '2024-02-29 12:34:56' +%s; date -u -d '2023-12-31' +%V; TZ=EST5EDT date -d @1700000000; TZ=CET-1CEST,M3.5.0,M10.5.0/3 date -d @1720000000 '+%F %T %Z'; date -u -d nonsense 2>/dev/null; echo "date $?"
echo '2 3 + 4 * p' | dc; echo '10 3 % p 2 10 ^ p 16 o 255 p' | dc; echo '5k 1 3 / p' | dc; dc -e '1 2 3 f' | tr '\n' ' '; echo
bc <<END
scale = 10
1 / 7
2 ^ 100
define f(n) { if (n < 2) return (1); return (n * f(n - 1)); }
f(25)
ibase = 16
FF
ibase = A
sqrt(2)
for (i = 0; i < 5; i++) i * i
x = 5; while (x > 0) { x -= 2; x }
END
echo 's(1); c(1); e(1); l(2); a(1)*4' | bc -l; echo '10 % 3; -10 % 3; 10 / 0' | bc 2>&1 | head -n 3
seq 5; seq 2 2 10; seq -s, 1 5; seq -w 8 11; seq 5 -1 1; seq 0.5 0.5 2; seq 1 0; factor 2 12 97 1000000007; cal 2 2024 | head -n 3; cal 9 1752
echo $((1 + 2 * 3 - 4 / 2 % 3)) $((~5)) $((!3)) $((5 & 3 | 8 ^ 1)) $((1 << 62)) $((-1 >> 1)) $((2 > 1 && 0 || 1)) $((x = 5, x += 2, x *= 3)) $x $((x++ + ++x)) $x $((0xff)) $((9223372036854775807 + 1)); (echo $((1 / 0))) 2>/dev/null || echo 'division by zero'
