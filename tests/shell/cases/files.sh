# Files: cp, mv, ln, rm, mkdir, find, stat, touch, chmod.
umask 022
mkdir -p tree/a/b tree/c
echo one > tree/a/one
printf 'two\n' > tree/a/b/two
cp tree/a/one tree/c/copy
cp -r tree/a tree/c/
mv tree/c/copy tree/c/moved
ln -s ../a/one tree/c/link
ln tree/a/one tree/hard
find tree | sort
find tree -type l -exec readlink {} \;
find tree -name 'o*' -type f | sort
cat tree/c/link tree/hard
stat -c '%n %F %h %s %a' tree/hard tree/c/link; stat -c '%F %h %a' tree/a
chmod 640 tree/hard; stat -c '%a' tree/a/one
chmod u+s,o+x tree/hard; stat -c '%A' tree/hard
touch -d '2020-02-03 04:05:06' tree/hard; stat -c '%Y' tree/hard
TZ=UTC date -r tree/hard '+%F %T'
ls tree; ls -a tree/c; ls -F tree/c; ls -R tree
test -e tree/none; echo "none $?"
test -L tree/c/link && test -f tree/c/link && echo link
test tree/a/one -ef tree/hard && echo same
rm tree/a/one; cat tree/c/link; echo "dangling $?"
rm -r tree/a; ls tree
rmdir tree; echo "rmdir $?"
mkdir tree; echo "mkdir $?"
rm -rf tree; ls
mkdir -m 700 private; stat -c '%a %F' private
cp nothing here; echo "cp $?"
mv nothing here; echo "mv $?"
: > empty; wc -c < empty
truncate -s 5000 sparse; wc -c < sparse; cksum sparse 2>/dev/null; tail -c 3 sparse | od -c
echo x >> empty; echo y >> empty; cat empty
mkfifo pipe; (echo through > pipe &) ; cat pipe; ls -l pipe | cut -c1
basename /a/b/c.txt .txt; dirname /a/b/c.txt; realpath -- . > /dev/null && echo real
mktemp -d ./tmp.XXXXXX | sed 's/[A-Za-z0-9]\{6\}$/X/'
install -m 755 empty prog 2>/dev/null; [ ! -e prog ] || stat -c %a prog
du -s . > /dev/null; echo "du $?"
