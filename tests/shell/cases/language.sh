# The shell itself: pipes, redirections, here-documents, functions, loops, arithmetic, traps, background jobs, exit statuses.
echo a | cat | cat | tr a b
false | true; echo "pipe $?"; ! true; echo "not $?"
set -o pipefail; false | true; echo "pipefail $?"; set +o pipefail
echo out > f; echo err >&2 2> g; cat < f >> h; cat h; ls nothing 2> g; cat g; { echo x; echo y >&2; } > both 2>&1; cat both
exec 3> three; echo three >&3; exec 3>&-; cat three; exec 4< three; read line <&4; exec 4<&-; echo "read $line"
cat <<END
here $((1 + 2)) $(echo sub) `echo tick`
END
cat <<'END'
as it is $HOME $(no)
END
cat <<-END
	tabs are gone
	END
cat <<A; cat <<B
first
A
second
B
f() { local x=inner; echo "$# $1 $x"; return 3; }; x=outer; f a b; echo "$? $x"
for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done; i=0; while [ $i -lt 3 ]; do i=$((i + 1)); done; echo $i; until [ $i = 0 ]; do i=$((i - 1)); done; echo $i
case foo.txt in *.c) echo c;; *.txt) echo text;; esac
v=hello; echo ${v#he} ${v%lo} ${#v} ${none:-default} ${v:+set} ${v/l/L} ${v:1:3}; unset v; echo "${v-unset}"
set -- a 'b c' d; echo $# "$2"; shift; echo "$*"; for a; do echo "<$a>"; done
echo $((0x10 + 010)) $((7 / 2)) $((-7 % 3)) $((1 << 10)) $((3 > 2 ? 5 : 6)); let n=5*5; echo $n
(exit 42); echo $?; (kill -TERM $(sh -c 'echo $PPID')) 2>/dev/null; sh -c 'kill -KILL $$'; echo $?; sh -c 'kill -SEGV $$'; echo $?
trap 'echo leaving' EXIT; trap 'echo usr1' USR1; kill -USR1 $$; trap - USR1
sleep 0.1 & wait $!; echo "waited $?"; (exit 9) & wait $!; echo "waited $?"; sh -c 'kill -INT $$' & wait $!; echo "waited $?"
for i in 1 2 3 4 5; do (sleep 0.0$i; echo job $i >> order) & done; wait; sort order
mkdir dir; cd dir; pwd | sed 's|.*/||'; cd ..; cd nowhere; echo "cd $?"
printf '#!/bin/sh\necho "script $0 $*" | sed "s|[^ ]*/||"\n' > script; chmod +x script; ./script 1 2
printf '#!/bin/cat -n\nline\n' > lister; chmod +x lister; ./lister | sed 's|[^ ]*/||'
./nothing; echo "missing $?"; echo text > plain; ./plain; echo "permission $?"; chmod +x plain; printf '\177ELF\000' > broken; chmod +x broken; ./broken 2> /dev/null; echo "broken $?"
eval 'echo evaluated'; . ./script sourced | sed 's|[^ ]*/||' | cut -d' ' -f1; type cd; command -v echo
echo *; echo [fg]; echo no*match; echo "quoted  $((2*2))" 'single $x' \$
read a b c <<END
1 2 3 4
END
echo "$c|$b|$a"; IFS=: read p q <<END
left:right
END
echo "$q $p"; echo one two | while read x y; do echo "$y $x"; done
ulimit -n > /dev/null && echo ulimit; umask 027; : > masked; stat -c %a masked; umask
time true 2> /dev/null; timeout 1 sleep 5; echo "timeout $?"; nice true; echo $?; env -i A=1 /bin/busybox env; printenv HOME > /dev/null || :; id -u > /dev/null && echo id
seq 1 100000 | head -n 1; yes | head -c 1000000 | wc -c; cat /dev/zero | head -c 3000000 | md5sum
echo done
