# Programs: bash sort uniq join comm paste cut tr fmt fold nl pr expand unexpand numfmt seq csplit tsort base64 base32 sha256sum md5sum cksum b2sum wc expr factor date timeout nice nohup sleep kill env printf yes head tail cat ls rm sum split shuf test ptx echo pwd
# GNU coreutils on text, numbers, dates and processes.
printf 'b 2\na 10\nc 1\na 9\n' > t; sort t; sort -k2,2n t; sort -u -k1,1 t; sort -rs -k1,1 t; sort -c t; echo $?; sort -R --random-source=t t | sort
seq 20000 | sort -R --random-source=<(yes) | sort -n | md5sum; seq 300000 | sort -rn -S 1M | head -n 3
uniq -c <(printf 'a\na\nb\na\n'); join <(printf 'a 1\nb 2\n') <(printf 'a x\nb y\n'); comm -3 <(printf 'a\nb\n') <(printf 'b\nc\n')
paste -sd+ <(seq 5); paste <(seq 3) <(seq 4 6); cut -d: -f2,4 <<< a:b:c:d; tr a-z A-Z <<< tr; tr -cd 0-9 <<< a1b2; echo
fmt -w 30 <<< "the quick brown fox jumps over the lazy dog and does so again"; fold -sw 12 <<< "words that are folded here"; nl -ba <(printf 'x\n\ny\n')
expand -t 4 <<< $'a\tb'; unexpand -a <<< "a       b"; numfmt --to=iec 1048576 1500; numfmt --from=si 2K; seq -s, -w 8 2 12; seq 1 .25 2
csplit -s <(seq 10) 4 7; cat xx01; printf 'a b\nb c\n' | tsort; base64 <<< "some bytes"; base64 -d <<< c29tZQo=; base32 <<< x
sha256sum t; md5sum t; cksum t; b2sum t; sha256sum t > sums; sha256sum -c sums; sum t; wc t; wc -L t; expr 6 \* 7; expr length abc : 'a\(.\)'; factor 1234567890123
date -u -d @86399 '+%F %T %j %a'; date -u -d '2024-02-29 + 1 year' +%F; date -u -d 'last monday' > /dev/null && echo date
timeout 0.2 sleep 5; echo $?; timeout -s KILL 0.2 sleep 5; echo $?; timeout 5 true; echo $?; timeout -k 0.1 0.1 bash -c 'trap "" TERM; sleep 3; sleep 3'; echo $?
nice -n 7 nice; env -u HOME -i A=b env; nohup true 2> /dev/null; echo $?; kill -l 9 TERM; env -S 'echo split words'
yes | head -n 3; head -n -2 <(seq 5); tail -n +4 <(seq 5); tail -n 1 t
pr -t -2 -l 6 -w 30 <(seq 12); shuf -e --random-source=<(yes) a b c | sort; printf '%s %b %e %5.2f\n' a 'x\ty' 12345.678 3.14159; test 5 -gt 3 && echo greater
split -b 1000 -a 3 --filter='wc -c' <(seq 1000); ls t missing; echo $?; rm -i t < /dev/null; echo; env --chdir=/ pwd 2> /dev/null || echo chdir
