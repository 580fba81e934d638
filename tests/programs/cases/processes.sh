# Programs: bash sh setsid flock taskset chrt nice prlimit getopt sleep cat env script stty tty tail head cut tr true sed
# util-linux and friends: sessions, scheduling, limits, locks, terminals.
setsid sh -c 'echo session $(($(cut -d" " -f6 /proc/self/stat 2> /dev/null || echo 0) == $$))' 2> /dev/null; setsid -w sh -c 'exit 5'; echo $?
flock lock -c 'echo locked'; (flock -n 9 && echo got; flock -n lock -c true; echo "busy $?") 9> lock; flock -w 0.2 lock true; echo $?
chrt -p $$ | sed 's/^pid [0-9]*.s/its/'; chrt -f 10 chrt -p 0 2> /dev/null | sed 's/^pid [0-9]*.s/its/'; chrt -f 10 sh -c 'echo fifo'; chrt -b 0 sh -c 'echo batch'; nice -n 5 sh -c 'nice'; taskset 1 sh -c 'echo pinned'
prlimit --nofile=50:60 sh -c 'ulimit -n; ulimit -Hn'; prlimit --pid $$ --core=0:0; ulimit -c; prlimit --cpu=1 sh -c 'while :; do :; done'; echo "cpu $?"
getopt -o ab: -l long,arg: -- -a -b x --long --arg=y rest; getopt -o a -- -z; echo $?
script -qec 'tty > /dev/null && echo on a terminal; stty size; stty -a | head -n 1 | cut -c1-10' /dev/null < /dev/null | tr -d '\r' 2> /dev/null || echo script
env -i sh -c 'echo $PATH'; kill -0 $$ && echo alive
