# Programs: bash perl cat sleep
# Files of: perl-base
# perl: data, regular expressions, files, processes, signals, time.
perl -e '
use strict; use warnings; use POSIX qw(:sys_wait_h setsid dup2 floor); use Fcntl qw(:flock :seek :mode); use IO::Handle; use List::Util qw(sum max shuffle);
$| = 1;
my %h = map { $_ => $_ ** 2 } 1 .. 5; print join(" ", map { "$_=$h{$_}" } sort { $a <=> $b } keys %h), "\n";
print "$1-$2\n" if "2024-05-06" =~ /(\d+)-(\d+)/; (my $t = "aXbX") =~ s/X/y/g; print "$t\n"; print join("|", split /,\s*/, "a, b,c"), "\n";
printf "%.3f %s %b %o %e\n", 3.14159, "x" x 3, 10, 64, 12345; print sum(1 .. 100), " ", max(3, 9, 2), " ", floor(-1.5), "\n";
open my $f, "+>", "data" or die; print $f "line $_\n" for 1 .. 1000; seek $f, 0, SEEK_SET; my @l = <$f>; print scalar(@l), " $l[-1]"; flock $f, LOCK_EX | LOCK_NB or print "no lock\n"; close $f;
print join(" ", map { -e $_ ? "yes" : "no" } "data", "missing"), " ", -s "data", "\n"; my @s = stat "data"; printf "%o %d\n", S_IMODE($s[2]), $s[7]; utime 1000, 2000, "data"; print +(stat "data")[9], "\n";
mkdir "d" or die; open my $g, ">", "d/$_" for qw(b a c); opendir my $d, "d"; print join(" ", sort grep { !/^\./ } readdir $d), "\n"; rename "d/a", "d/z"; unlink glob "d/*"; rmdir "d" and print "gone\n"; symlink "data", "link"; print readlink "link", "\n";
pipe my $r, my $w; my $pid = fork; if (!$pid) { close $r; print $w "child says $_\n" for 1 .. 3; exit 7; } close $w; print while <$r>; waitpid $pid, 0; print "status ", $? >> 8, "\n";
my @kids = map { my $n = $_; my $p = fork; if (!$p) { exit $n } $p } 1 .. 10; my $total = 0; $total += ($? >> 8) while wait > 0; print "total $total\n";
my $got = 0; $SIG{USR1} = sub { $got++ }; kill USR1 => $$ for 1 .. 3; print "signals $got\n"; $SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 1; select undef, undef, undef, 5; }; print "died $@";
$SIG{CHLD} = sub { while ((my $p = waitpid -1, WNOHANG) > 0) { $got += 10 } }; for (1 .. 3) { my $p = fork; exit 0 unless $p; select undef, undef, undef, 0.1; } select undef, undef, undef, 0.2 while $got < 33; print "children $got\n"; $SIG{CHLD} = "DEFAULT";
print `echo from shell; exit 3`; print $? >> 8, "\n"; system "true"; print "system $?\n"; open my $p, "-|", "cat data" or die; my $n = 0; $n++ while <$p>; close $p; print "read $n\n"; open $p, "|-", "cat" or die; print $p "to a child\n"; close $p;
my ($u, $s) = times; print "times ok\n" if $u >= 0; print "time ok\n" if time > 1_600_000_000; my @g = gmtime 86400 * 365; print "$g[5] $g[7]\n"; print POSIX::strftime("%Y-%m-%d", gmtime 0), "\n";
my $big = "x" x 5_000_000; print length($big), "\n"; my @sorted = sort { $a <=> $b } map { ($_ * 7919) % 100_003 } 1 .. 50_000; print "$sorted[0] $sorted[-1]\n"; local $0 = "renamed"; sub fib { my $n = shift; $n < 2 ? $n : fib($n - 1) + fib($n - 2) } print fib(18), "\n";
print "uid $<:$> ", join(",", map { sprintf "%d", $_ } POSIX::getpgrp() == $$ ? 1 : 0), "\n"; exec "echo", "exec works";
'
echo "status $?"; perl -ne 'print if /9$/' data | head -n 2; perl -i -pe 's/line/row/' data; head -n 1 data; perl -c -e 'print 1' 2>&1; perl -e 'die "reason\n"'; echo $?; perl -e 'kill 9, $$'; echo $?
