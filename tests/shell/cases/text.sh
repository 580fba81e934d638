# Text: sed, awk, grep, sort, uniq, cut, tr, head, tail, wc, md5sum, od, diff, xargs, tee, seq.
seq 1 100 > numbers
awk '{ s += $1 } END { print s, NR, s / NR }' numbers
awk 'BEGIN { for (i = 0; i < 5; i++) printf "%d:%s:%.3f\n", i, substr("abcdef", i + 1, 2), i / 3 }'
awk -F: '{ n[$2]++ } END { for (k in n) print k, n[k] }' <<END | sort
a:x
b:y
c:x
END
sed -n '5,8p' numbers
sed -e 's/1/one/g' -e '/one/!d' numbers | head -n 5
sed '1!G;h;$!d' numbers | head -n 3
sed -i 's/^100$/hundred/' numbers; tail -n 1 numbers
grep -c 7 numbers; grep -n '^9.$' numbers | tail -n 2; grep -v '[0-9]' numbers; grep -E '^(1|2)0$' numbers; grep -q nothing numbers; echo $?
sort -r numbers | head -n 3; sort -n numbers | tail -n 2; printf 'b 2\na 10\nc 1\n' | sort -k2n; printf 'x\nx\ny\n' | uniq -c
cut -c1 numbers | sort | uniq -c | sort -rn | head -n 3
echo 'Hello, World' | tr 'a-zA-Z' 'n-za-mN-ZA-M'; echo 'a  b' | tr -s ' '; echo abc | tr -d b
head -c 20 numbers; tail -n +98 numbers; wc numbers; wc -l < numbers
md5sum numbers; sha1sum numbers; sha256sum numbers; sha512sum numbers; md5sum numbers > sums; md5sum -c sums; cksum numbers 2>/dev/null
printf 'abc\001\377' | od -An -tx1; printf 'typix' | xxd 2>/dev/null; printf 'typix' | hexdump -C; printf typix | base64
printf '1\n2\n3\n' > a; printf '1\nx\n3\n' > b; diff a b; diff -u a b | tail -n +3; cmp a b; echo "cmp $?"
seq 1 10 | xargs -n 3 echo; printf 'a b' | xargs -I{} echo '[{}]'; find . -name '[ab]' | sort | xargs wc -l
seq 3 | tee copy | paste -s -d+; cat copy
nl a; rev a; tac a; fold -w 3 numbers | head -n 2; expand -t 4 <<END
	x
END
printf '%05d|%-5s|%x|%c|%s\n' 42 ab 255 z "a b"
echo '2^64 - 1' | bc 2>/dev/null; echo '5 3 + p' | dc; expr 7 '*' 6; factor 1001
yes | head -n 3; strings -n 3 numbers | head -n 1
