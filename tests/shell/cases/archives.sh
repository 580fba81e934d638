# Archives and copies: tar, gzip, bzip2, xz, cpio, dd.
mkdir -p d/e; seq 1 2000 > d/numbers; echo hi > d/e/hi; ln -s numbers d/link
tar cf a.tar d; tar tf a.tar | sort; mkdir out; tar xf a.tar -C out; diff -r d out/d && echo equal; readlink out/d/link
tar czf a.tgz d; tar tzf a.tgz | wc -l; gzip -dc a.tgz | tar t | sort | head -n 1
tar cf - d | (cd out && rm -r d && tar xf -); ls out/d
gzip -k d/numbers; ls d; gunzip -c d/numbers.gz | md5sum; zcat d/numbers.gz | tail -n 1; gzip -t d/numbers.gz; echo "test $?"
rm d/numbers; gunzip d/numbers.gz; wc -l d/numbers
echo damaged > bad.gz; gunzip bad.gz; echo "bad $?"
bzip2 -c d/numbers | bunzip2 | md5sum
find d | sort | cpio -o -H newc 2>/dev/null > a.cpio; cpio -t < a.cpio 2>/dev/null | sort; mkdir out2; (cd out2 && cpio -i 2>/dev/null < ../a.cpio; ls d)
dd if=/dev/zero of=zeros bs=4096 count=64 2>/dev/null; wc -c zeros; md5sum zeros
dd if=d/numbers of=part bs=1 skip=10 count=20 2>/dev/null; od -c part | head -n 2
dd if=d/numbers bs=100 count=1 2>/dev/null | dd bs=7 2>/dev/null | md5sum
printf ABCDEFGH > in; printf xy | dd of=in bs=1 seek=3 conv=notrunc 2>/dev/null; cat in; echo
dd if=/dev/zero of=big bs=1M count=4 2>&1 | head -n 2; rm big
head -c 100000 /dev/urandom > random; cp random random2; cmp random random2 && echo identical; gzip random2; gunzip random2.gz; cmp random random2 && echo identical
split -b 3000 d/numbers piece. 2>/dev/null && cat piece.* | cmp - d/numbers && echo joined
