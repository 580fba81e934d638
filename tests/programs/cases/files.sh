# Programs: bash cp mv ln install stat touch chmod chown du ls dd truncate split mktemp realpath readlink sync od tac tee rm rmdir mkdir mkfifo mknod cat sort head tail cmp link unlink pathchk basename dirname shred id whoami seq sed cut tr env
# GNU coreutils on files.
umask 022; mkdir -p a/b/c; echo text > a/file; ln a/file a/hard; ln -s file a/soft; ln -s missing a/dangling; mkfifo a/pipe; mknod a/null c 1 3
touch -d '2001-02-03 04:05:06.789 UTC' a/file; chmod 6755 a/file; chown 1000:1001 a/hard; stat -c '%n %F %a %h %u:%g %s %y' a/file; stat -c '%n %F %a %h %u:%g %s %t:%T' a/soft a/pipe a/null a/dangling
cp -a a copy; stat -c '%n %a %h %u:%g %y' copy/file copy/hard; readlink copy/soft copy/dangling
ls -lnR --time-style=+%s copy | sort | sed 's/ [0-9]\{10,\} / TIME /'
mv copy/file copy/b/moved; mv -n copy/hard copy/b/moved; mv -T copy/b renamed; ls renamed; mv missing x; echo $?
install -D -m 640 -o 5 -g 6 a/file deep/er/installed; stat -c '%a %u:%g' deep/er/installed
truncate -s 1M sparse; echo end >> sparse; cp --sparse=always sparse sparse2; cmp sparse sparse2 && stat -c '%s %b' sparse sparse2
dd if=/dev/zero of=zeros bs=1000 count=7 conv=notrunc seek=2 2> /dev/null; stat -c %s zeros; dd if=sparse bs=4 skip=262144 2> /dev/null
seq 100 > numbers 2> /dev/null || for ((i = 1; i <= 100; i++)); do echo $i; done > numbers
split -n l/3 -d numbers part; for p in part*; do head -n 1 $p; tail -n 1 $p; done; tac numbers | head -n 2; tail -c 5 numbers; head -c -280 numbers
tee one two < a/file > three; cmp one three && cmp two three && echo same
realpath a/soft a/dangling/../x; realpath -e a/nothing; basename /x/y.c .c; dirname /x/y/z
t=$(mktemp -d ./tmpXXXX); [ -d "$t" ] && stat -c %a "$t"; rmdir "$t"; link one linked; unlink linked; ls linked; echo $?
rm a; rm -r a/b; rm -rf a; ls; mkdir one; mkdir -m 700 secret; stat -c %a secret; rmdir missing secret; echo $?
echo data > s; shred -u s; [ -e s ]; echo $?; pathchk -p 'a b'; echo $?
cp one; cp one two three; cp -r . inside 2>&1 | head -n 1; mv two two; ln one one; touch /nonexistent/x; chmod 999 one; echo $?
od -A d -t x1z -N 20 numbers; od -t d2 -j 4 -N 8 numbers; sync numbers; echo $?
touch -r numbers same; [ numbers -nt same ] || echo same-time; [ one -ef three ] || echo different
cd deep/er && pwd -P && cd ../.. ; id -u; whoami; du -s --apparent-size deep | cut -f1 2> /dev/null
