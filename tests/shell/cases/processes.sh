# Processes and signals, as far as they print the same everywhere.
sh -c 'exit 5'; echo $?
sh -c 'trap "echo caught" TERM; kill -TERM $$; echo after'
sh -c 'trap "" INT; kill -INT $$; echo ignored'
# The shell says "Terminated" only if the process was still alive when the shell began to wait.
sleep 100 & p=$!; kill $p; wait $p 2> /dev/null; echo $?
sleep 100 & p=$!; kill -STOP $p; sleep 0.2; awk '{ print $3 }' /proc/$p/stat; kill -CONT $p; kill -KILL $p; wait $p 2> /dev/null; echo $?
sleep 100 & p=$!; kill -0 $p && echo alive; kill -9 $p; wait $p 2> /dev/null; kill -0 $p 2>/dev/null; echo "gone $?"
setsid sh -c 'echo session'; nohup echo hup 2>/dev/null
(sleep 0.2; echo later) & echo sooner; wait
sh -c 'sleep 0.1 & sleep 0.1 & wait; echo both'
xargs -n 1 sh -c 'exit $0' <<END; echo "xargs $?"
0
1
END
cat /proc/self/comm; tr '\0' ' ' < /proc/self/cmdline; echo
readlink /proc/self/exe | sed 's|.*/||'; [ "$(cut -d' ' -f1 /proc/self/stat)" -gt 0 ] && echo pid
sh -c 'echo $PPID' > ppid; [ "$(cat ppid)" = $$ ] && echo parent
pidof nothing; echo "pidof $?"
ps > list; head -n 1 list; grep -c 'ps$' list
sh -c 'ulimit -c 0; kill -ABRT $$'; echo $?
sh -c 'kill -PIPE $$'; echo $?
yes 2>/dev/null | head -n 1
(exec sleep 0); echo $?
n=0; while [ $n -lt 30 ]; do (exit $n); [ $? = $n ] || echo wrong; n=$((n + 1)); done; echo forks
i=0; while [ $i -lt 20 ]; do echo $i & i=$((i + 1)); done | sort -n | paste -s -d' '
timeout -s KILL 0.2 sleep 5; echo $?
flock . true 2>/dev/null; which sh > /dev/null && echo which
usleep 1000; echo $?
