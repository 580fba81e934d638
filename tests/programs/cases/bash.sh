# Programs: bash cat sort sleep true false seq wc env mkfifo rm
# bash itself: words, arrays, redirections, process substitution, traps, jobs, coprocesses.
shopt -s extglob nullglob globstar
a=(one two "three four"); a+=(five); echo "${#a[@]} ${a[2]} ${a[@]:1:2} ${a[-1]}"
declare -A map=([x]=1 [y]=2 [z w]=3); for k in "${!map[@]}"; do echo "$k=${map[$k]}"; done | sort
s="hello world"; echo "${s^^} ${s/o/0} ${s//o/0} ${s#* } ${s%% *} ${s:3:4} ${#s}"
[[ abc123 =~ ^([a-z]+)([0-9]+)$ ]] && echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
echo $((2 ** 40 % 1000007)) $((0x1f | 8)) $((5 > 3 ? 1 : 2)) $((-7 / 2)) $((1 << 62))
printf '%05d|%-8s|%x|%q|%(%Y)T\n' 42 left 255 'a b' 0
while read -r left right; do echo "$right $left"; done < <(printf 'a b\nc d\n')
sort <(printf '3\n1\n') <(printf '2\n')
cat <<< "here string"; cat <<-END
	indented $s
	END
mapfile -t lines < <(seq 5); echo "${lines[*]}"
exec {fd}> out; echo to-fd >&$fd; exec {fd}>&-; cat out
true | false | (exit 3); echo "${PIPESTATUS[*]}"
trap 'echo "trap usr1"' USR1; kill -USR1 $$; trap 'echo exit-trap $?' EXIT
(trap 'echo inner' EXIT; exit 4); echo $?
f() { local x=$1; ((x <= 1)) && { echo 1; return; }; echo $((x * $(f $((x - 1))))); }; f 6
sleep 0.05 & sleep 0.1 & wait -n; echo "first $?"; wait; echo "all $?"
# Before its exec the child still has this shell's trap for EXIT.
sleep 30 & p=$!; until read -r name < /proc/$p/comm && [ "$name" = sleep ]; do :; done; kill $p; wait $p; echo "killed $?"
coproc CAT { cat; }; echo ping >&${CAT[1]}; read -r reply <&${CAT[0]}; echo "$reply"; exec {CAT[1]}>&-; wait
mkfifo pipe; cat pipe & echo through > pipe; wait; rm pipe
ulimit -n 64; ulimit -n; ulimit -S -c; set -o pipefail; false | true; echo $?; set +o pipefail
read -t 0.05 -r nothing < <(sleep 0.3); echo "timeout $(($? > 128))"
( set -e; false; echo no ); echo $?
case foobar in +(f|o)bar) echo glob;; esac
mkdir -p d/e 2> /dev/null || echo "no mkdir"; for f in **/; do echo "$f"; done
getopts ab: o -b value; echo "$o $OPTARG"
env -i X=1 bash -c 'echo $X $0 ${#@}' zero one two
bash -c 'kill -SEGV $$'; echo "signal $?"; bash -c 'exec nothing-there'; echo $?
echo {a..e}{1..2} {01..10..3}; echo ~root; type -t f echo if; declare -i n=5+5; echo $n
(echo in subshell $BASH_SUBSHELL; cd /; echo $PWD $OLDPWD | sort) | wc -l
for ((i = 0; i < 200; i++)); do (exit $((i % 7))) || :; done; echo forks done
