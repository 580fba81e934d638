# Programs: bash tar gzip gunzip zcat diff cmp find sort xargs cat mkdir ln chmod touch rm seq md5sum head dd stat zgrep grep sed sh
# tar, gzip, diff, find, xargs.
mkdir -p src/a/b; seq 5000 > src/numbers; head -c 300000 < /dev/zero > src/zeros; printf 'x' > src/a/b/deep; ln -s ../numbers src/a/link; ln src/numbers src/a/hard; chmod 4711 src/a/b/deep; touch -d '2000-01-01 UTC' src/numbers src/a/b
dd if=/dev/zero of=src/sparse bs=1 count=1 seek=2000000 2> /dev/null
tar -C src -cf t.tar --sort=name --mtime='2020-01-01 UTC' --owner=0 --group=0 --numeric-owner -S .; md5sum < t.tar; tar -tvf t.tar | sed 's/  */ /g'
mkdir out; tar -C out -xpf t.tar; diff -r src out && echo equal; stat -c '%n %a %h %s' out/a/b/deep out/a/hard out/sparse; tar --compare -C out -f t.tar && echo compared
gzip -9nk t.tar; md5sum < t.tar.gz; gunzip -c t.tar.gz | cmp - t.tar && echo same; gzip -l t.tar.gz; gzip -t t.tar.gz && echo whole; zcat t.tar.gz | tar -tf - | sort | head -n 3; head -c 100 t.tar.gz | gunzip > /dev/null; echo $?
tar -czf - src | tar -xzf - -C out && ls out; tar -cf - missing 2>&1; echo $?; zgrep -c 7 <(gzip < src/numbers) 2> /dev/null; tar -C src -rf t.tar numbers; tar -tf t.tar | grep -c numbers
diff <(seq 10) <(seq 2 11); diff -u --label a --label b <(seq 5) <(printf '1\n2\nthree\n4\n5\n'); diff -y -W 30 <(seq 3) <(seq 2 4); diff -q src/numbers src/zeros; cmp src/numbers src/zeros; echo $?
find src -type f -size +100k | sort; find src -name 'n*' -newermt 1999-12-31 ! -newermt 2000-01-02 | sort; find src -perm -4000 -exec stat -c '%a %n' {} +; find src -type l -printf '%p -> %l\n'; find src -links 2 | sort; find src -depth -type d | sort
find src -type f -print0 | sort -z | xargs -0 -n 2 echo; seq 10 | xargs -P 3 -I{} sh -c 'exit 0'; echo $?; seq 3 | xargs -n 1 sh -c 'echo "got $0"' ; seq 20000 | xargs echo | md5sum; echo x | xargs false; echo $?; find out -delete; ls out; echo $?
