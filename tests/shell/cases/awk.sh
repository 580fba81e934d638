# awk programs: fields, arrays, functions, printf, getline, regular expressions, pipes, ranges.
cat > data <<END
alice 30 Berlin 1200.50
bob 25 Paris 800
carol 41 Rome 2300.75
dave 25 Berlin 150
END
awk '{ print NF, NR, $1, $NF }' data; awk '$2 > 28' data; awk '/Berlin/ { n++ } END { print n }' data; awk 'NR == 2, NR == 3 { print $1 }' data; awk '/bob/, /carol/' data; awk '!/Berlin/' data
awk '{ s[$3] += $4; n[$3]++ } END { for (c in s) printf "%-8s %8.2f %d\n", c, s[c], n[c] }' data | sort
awk 'BEGIN { FS = " "; OFS = "-" } { $1 = $1; print }' data; awk -F'[ .]' '{ print $2, $NF }' data; awk -v x=5 -v 'y=a\tb' 'BEGIN { print x + 1, y }'; echo 'a,b;c' | awk -F'[,;]' '{ print $3 $2 $1 }'
awk 'function fact(n) { return n <= 1 ? 1 : n * fact(n - 1) } function fill(a, k) { a[k] = k * k } BEGIN { print fact(10); fill(q, 7); print q[7] }'
awk 'BEGIN { s = "hello world"; print length(s), index(s, "wor"), substr(s, 7), substr(s, 2, 3), toupper(s); n = split("a:b:c", p, ":"); print n, p[1] p[3]; gsub(/o/, "0", s); print s; sub(/l+/, "[&]", s); print s; print match("foobar", /o+/), RSTART, RLENGTH; print sprintf("%05.1f|%x|%c|%s", 3.14159, 255, 65, "z") }'
awk 'BEGIN { for (i = 1; i <= 20; i++) { if (i % 15 == 0) print "FizzBuzz"; else if (i % 5 == 0) print "Buzz"; else if (i % 3 == 0) print "Fizz"; else print i } }' | paste -s -d' '
awk 'BEGIN { while (i < 5) { i++; if (i == 2) continue; if (i == 4) break; print i }; do { print "do", i; i-- } while (i > 2) }'
awk 'BEGIN { print 1e6, 1000000 * 10, 0.1 + 0.2, 1 / 3, 10 % 3, 2 ^ 10, -7 % 3, int(-3.7), 017, "3x" + 1, "abc" < "abd", 10 < 9, "10" < "9" }'
awk 'BEGIN { printf "%d %i %5d|%-5d|%05d|%+d|%e|%g|%G|%%|%5s|%-5s|%.2s\n", 3.9, -3.9, 42, 42, 42, 42, 12345.678, 0.00001, 1e10, "ab", "ab", "abcdef" }'
awk 'BEGIN { a["x"]; a["y"] = 1; if ("x" in a) print "in"; delete a["x"]; if (!("x" in a)) print "out"; b[1, 2] = 3; for (k in b) { split(k, p, SUBSEP); print p[1], p[2] }; delete a; n = 0; for (k in a) n++; print n }'
awk 'BEGIN { while ((getline line < "data") > 0) n++; print n, line; close("data"); getline first < "data"; print first; "echo from a command" | getline c; print c; print "b\na" | "sort"; close("sort"); print "to a file" > "out"; close("out"); while ((getline l < "out") > 0) print l; if ((getline l < "nothing") < 0) print "missing"; print system("exit 3") }'
awk 'NR == 1 { next } { print; if (NR == 3) exit 4 } END { print "end" }' data; echo $?
awk 'BEGIN { RS = ""; FS = "\n" } { print NR ": " $1 " / " $2 }' <<END
one
two

three
four
END
awk 'BEGIN { print ENVIRON["HOME"], ARGC, ARGV[1] }' arg; awk '{ print FILENAME, FNR, NR }' data data | tail -n 1; awk 'BEGIN { print length() }' < /dev/null; awk 'END { print $0, NF }' data
awk 'BEGIN { print substr("hello", 0), substr("hello", -1, 3), substr("hello", 4, 100) "|" substr("hello", 9) "|"; print tolower("ÄB"), "a" "b" 1 + 2; x["a"] = 1; print length(x); print and(12, 10), or(12, 10), xor(12, 10), lshift(1, 4), rshift(256, 4), compl(0) > 0 }' 2>/dev/null
printf '%s\n' 'the quick brown fox' 'the lazy dog' | awk '{ for (i = 1; i <= NF; i++) w[$i]++ } END { for (k in w) print w[k], k }' | sort -k1nr -k2
seq 1 50 | awk '{ p = 1; for (d = 2; d * d <= $1; d++) if ($1 % d == 0) p = 0; if (p && $1 > 1) printf "%s ", $1 } END { print "" }'
seq 1 1000 | awk '{ a[NR] = $1 } END { for (i = NR; i > 990; i--) printf "%d,", a[i]; print "" }'; echo 'a1b22c333' | awk '{ while (match($0, /[0-9]+/)) { print substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH) } }'
awk 'BEGIN { srand(1); x = rand(); srand(1); y = rand(); print x == y, x >= 0 && x < 1; printf "%.4f %.4f %.4f %.4f %.4f\n", sin(1), cos(1), atan2(1, 2), exp(1), log(10); print sqrt(16) }'
awk 'syntax error here {' data 2>/dev/null; echo "awk $?"; awk 'BEGIN { exit }'; echo $?; awk '{ print > ("part-" $3) }' data; cat part-Berlin; awk 'BEGIN { printf "%s" , "no newline" }'; echo
