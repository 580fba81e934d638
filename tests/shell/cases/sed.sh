# sed programs: addresses, hold space, branches, files, in-place editing, regular expressions.
seq 1 12 > n; printf 'first line\nsecond  line\n\nthird: x=1, y=22\n' > t
sed -n 3p n; sed -n '$p' n; sed -n '2,4p' n; sed -n '10,$p' n; sed -n '/5/,/7/p' n; sed -n '2~3p' n 2>/dev/null; sed -n '/^1/!p' n; sed '3,10d' n; sed '1d;$d' n | paste -s -d' '; sed -n '5,+2p' n; sed 3q n; sed '3q5' n; echo $?; sed -n '0,/1/p' n
sed 's/line/LINE/' t; sed 's/ /_/g' t; sed 's/ /_/2' t; sed 's|\([a-z]*\) \(.*\)|\2 \1|' t; sed -E 's/([a-z])=([0-9]+)/\2=\1/g' t; sed 's/x=\(.\)/[&]/' t; sed -n 's/second/2nd/p' t; sed 's/LINE/x/I' t; sed 's/i/I/gw written' t > /dev/null; cat written; sed 's/\bline\b/word/' t; sed -E 's/(a|b)?c*//' t; sed 's/[^[:alpha:]]//g' t; sed 's/$/ end/;s/^/start /' t; sed 's,/,\n,g' <<END
a/b/c
END
sed -e '/second/i\' -e 'before' -e '/second/a\' -e 'after' -e '/^$/c\' -e 'changed' t; sed '2i inserted' n | head -n 3; sed '$a appended' n | tail -n 1; sed '/third/r n' t; sed '1R n' t 2>/dev/null | head -n 2; sed 'y/abc/xyz/' t; sed = t | sed 'N;s/\n/: /'; sed -n l t; sed -n '$=' n
sed -n '1!G;h;$p' n | paste -s -d' '; sed 'N;P;D' n | paste -s -d' '; sed '$!N;s/\n/ /' n; sed ':a;N;$!ba;s/\n/,/g' n; sed -n 'H;${x;s/\n/+/g;s/^+//;p}' n; sed 'G' t; sed -n '2{p;q}' n; sed 'n;d' n | paste -s -d' '; sed '/^$/d' t; sed -e ':x' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/;tx' <<END
1234567
89
END
cp n m; sed -i 's/1/one/' m; head -n 2 m; sed -i.bak 's/one/1/' m; cmp m n && ls m.bak; sed -s -n '$p' n t 2>/dev/null; sed -n '$p' n t; sed --version 2>/dev/null | head -n 0; sed -f - n <<END | paste -s -d' '
# a script
/^[0-9]\$/ {
  s/^/0/
  b done
}
s/\$/!/
: done
END
sed 's/a/b' n 2>/dev/null; echo "sed $?"; sed -n p nothing 2>/dev/null; echo $?; echo 'a.b*c' | sed 's/\./!/;s/\*/?/'; echo aaa | sed 's/a*/x/g'; echo abc | sed 's/b*/-/g'; echo 'one two three' | sed 's/\w\+/<&>/2g'; echo 'x' | sed 's/x/a\tb\nc/'; echo 'path/to' | sed 's#/#\\/#'; echo "it's" | sed "s/'/\"/"; printf 'no newline' | sed s/no/a/; echo; echo foo | sed 's/o/\
/g'; printf 'a\0b' | sed 's/a/x/' | od -c; echo hello | sed 's/\(.\)\(.\)/\2\1/g'; echo UPPER | sed 's/.*/\L&/' 2>/dev/null; sed 's/x/y/;ta;s/$/ none/;:a' t
seq 1 500 | sed -n '250,252p;252q'; seq 1 3000 | sed 's/$/ padding to make lines longer/' | sed -n '$p'; yes abc | sed 2q; sed 5q n | sed '$!d'
