# Larger programs in the shell: getopts, recursion, parsing, sorting, here-documents, signals, pipelines that wait, descriptors.
parse() { OPTIND=1; while getopts ab:c:h o; do case $o in a) echo "a";; b) echo "b=$OPTARG";; c) echo "c=$OPTARG";; h) echo help;; *) echo "bad $o";; esac; done; shift $((OPTIND - 1)); echo "rest $*"; }
parse -a -b one -cvalue x y; parse -ab2 -- -c; parse; parse -z 2>/dev/null; parse -b 2>/dev/null
hanoi() { [ $1 = 0 ] && return; hanoi $(($1 - 1)) $2 $4 $3; moves=$((moves + 1)); hanoi $(($1 - 1)) $4 $3 $2; }; moves=0; hanoi 6 a b c; echo $moves
fib() { if [ $1 -lt 2 ]; then echo $1; else echo $(($(fib $(($1 - 1))) + $(fib $(($1 - 2))))); fi; }; fib 8
sieve=''; i=2; while [ $i -lt 60 ]; do p=1; for q in $sieve; do [ $((i % q)) = 0 ] && { p=0; break; }; done; [ $p = 1 ] && sieve="$sieve $i"; i=$((i + 1)); done; echo $sieve
bubble() { list="$*"; swapped=1; while [ $swapped = 1 ]; do swapped=0; out=''; prev=''; for v in $list; do if [ -n "$prev" ]; then if [ $prev -gt $v ]; then out="$out $v"; swapped=1; v=$prev; else out="$out $prev"; fi; fi; prev=$v; done; list="$out $prev"; done; echo $list; }; bubble 5 3 9 1 7 2
path=/usr/local/lib/file.tar.gz; echo ${path##*/} ${path%/*} ${path%%.*} ${path#*/} ${path##*.} ${#path} ${path/local/LOCAL} ${path//l/L} ${path:5:5} ${path:(-2)} 2>/dev/null
unset u; echo ${u:-d} ${u-d} ${u:=set} $u ${u:+alt} ${n+x}; (: ${none:?message}) 2>&1 | sed 's/.*: //'; echo $?; e=''; echo "${e:-empty}" "${e-not}"; set -u; (echo $undefined) 2>/dev/null; echo "u $?"; set +u
set -e; (false; echo never) || echo stopped; set +e; set -- "$@" x 'y z'; echo $#; for a in "$@"; do echo "[$a]"; done; IFS=,; echo "$*"; set -- $(echo 1,2,3); echo $#; unset IFS; set -f; echo *; set +f
trap 'echo got TERM; x=1' TERM; x=0; kill $$; echo $x; trap '' TERM; kill $$; trap - TERM; (trap 'echo sub exit' EXIT; exit 3); echo $?; (trap 'echo int' INT; kill -INT $(sh -c 'echo $PPID'); echo survived); trap 'echo usr' USR1; sh -c "sleep 0.1; kill -USR1 $$" & wait; wait; trap - USR1
mkfifo f; (for i in 1 2 3; do echo line $i; done > f) & while read l; do echo "read $l"; done < f; wait; (cat f > copied) & echo through > f; wait; cat copied; exec 5<> f; echo both >&5; read r <&5; echo $r; exec 5>&-
exec 3> log; echo a >&3; (echo b >&3); { echo c; } >&3; exec 3>&-; cat log; exec 6>&1; exec > captured; echo hidden; exec >&6 6>&-; cat captured; { echo out; echo err >&2; } 2>&1 >/dev/null; { echo swap >&2; } 3>&1 1>&2 2>&3 | sed 's/^/piped /'; echo text > x; echo more >> x; cat < x > y; cat y; : > x; wc -c < x; set -C; (echo no > x) 2>/dev/null; echo "clobber $?"; echo yes >| x; cat x; set +C; cat << 'Q' | tr a-z A-Z
quoted $x `cmd`
Q
while read -r key value; do case $key in \#*|'') continue;; esac; eval "cfg_$key=\$value"; done <<END
# comment
name Typix kernel

size 42
raw back\slash
END
echo "$cfg_name $cfg_size $cfg_raw"; printf 'a b  c\n' | { read x y; echo "$y"; }; printf 'a\\tb\n' | { read -r x; echo "$x"; }; printf 'xyz' | { read x; echo "$? $x"; }; echo abcdef | { read -n 3 x; echo $x; }; printf 'a:b\n' | { IFS=: read p q; echo $q-$p; }; echo 'in a loop' | while read a b; do echo "$b"; done; echo "a
b" | { while read l; do n=$l; done; echo $n; }; read x < /dev/null; echo "eof $?"; read -t 1 x < /dev/zero 2>/dev/null | true
for i in 1 2 3; do for j in a b c; do [ $j = b ] && continue 2; [ $i = 3 ] && break 2; echo $i$j; done; done; case abc in a|b) echo no;; a*c) echo glob;; esac; case '*' in '*') echo star;; esac; case x in [!a-w]) echo class;; esac; case '' in '') echo empty;; esac; if false; then :; elif true; then echo elif; else :; fi; until [ ${k:=0} -ge 3 ]; do k=$((k + 1)); done; echo $k; while :; do break; done; echo $?
f() { local a=1 b; b=2; g; echo $a$b$c; }; g() { a=9 c=3; }; f; echo "${a:-none}"; h() { return 300; }; h; echo $?; echo $(echo nested $(echo deeper `echo deepest`)); x=$(printf 'trailing\n\n\n'); echo "[$x]"; y=`echo 'a  b'`; echo $y; echo "$y"; alias ll='echo alias'; type f 2>/dev/null | head -n 1; unset -f f; f 2>/dev/null; echo "unset $?"; command echo builtin; true && false || echo last; ! false && echo negated; { echo group; }; (cd /; pwd); pwd | grep -c '^/$'; z=1 sh -c 'echo $z'; echo ${z:-unset}; export w=2; sh -c 'echo $w'; readonly ro=1; (ro=2) 2>/dev/null; echo "readonly $?"; eval "echo \$w"; echo "$(cat <<END
inside a substitution
END
)"; echo {a,b}{1,2} 2>/dev/null; echo ~root | sed 's/root$/R/' | wc -l; echo $'tab\there' "a'b" 'c"d' a\ b; echo "$((RANDOM >= 0))" $(($$ > 0)) $# ${#}; echo -n no; echo; echo -e 'a\tb\c'; echo; echo done | cat - /dev/null; true | false | true; echo $?; yes | head -n 2; (exit 7) | true; echo $?; sh -c 'exit 7' & wait $!; echo $?; sleep 0.05 & a=$!; sleep 0.1 & wait $a; echo $?; wait; jobs; kill -l 9; kill -l TERM 2>/dev/null; times > /dev/null; hash -r; umask 077; umask; umask -S 2>/dev/null
