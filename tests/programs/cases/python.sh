# Programs: bash python3 cat echo sh stty
# Files: /usr/lib/python3.11
# Python: threads, processes, queues, SQLite, memory maps, timers, terminals.
cat > main.py <<'END'
import hashlib, json, mmap, multiprocessing, os, pathlib, select, signal, sqlite3, subprocess, sys, tempfile, threading, time
print(sys.version_info[:2], sys.byteorder, os.name, sys.platform)
print(subprocess.run(['echo', 'from a child'], capture_output=True).stdout, subprocess.run(['sh', '-c', 'exit 3']).returncode)
results = []
threads = [threading.Thread(target=lambda n=n: results.append(n * n)) for n in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
print(sorted(results))
lock, count = threading.Lock(), [0]
def add():
    for _ in range(2000):
        with lock: count[0] += 1
threads = [threading.Thread(target=add) for _ in range(4)]; [t.start() for t in threads]; [t.join() for t in threads]; print(count)
def twice(queue, n): queue.put(n * 2)
queue = multiprocessing.Queue()
children = [multiprocessing.Process(target=twice, args=(queue, n)) for n in range(3)]
[c.start() for c in children]; print(sorted(queue.get() for _ in children)); [c.join() for c in children]
with multiprocessing.Pool(3) as pool: print(pool.map(abs, range(-5, 5)))
event = multiprocessing.Event(); print(event.wait(0.01), event.set(), event.wait(1))
for mode in ('wal', 'delete', 'memory'):
    path = f'{mode}.db'
    db = sqlite3.connect(path)
    print(db.execute(f'pragma journal_mode={mode}').fetchone())
    db.execute('create table t(a integer primary key, b text)')
    db.executemany('insert into t values(?, ?)', [(i, str(i)) for i in range(1000)]); db.commit()
    other = sqlite3.connect(path, timeout=0.05)
    db.execute('begin immediate'); db.execute('update t set b = b || "x"')
    try: other.execute('begin immediate'); print('two writers')
    except sqlite3.OperationalError as error: print(error)
    db.rollback(); print(other.execute('select count(*), sum(a), max(b) from t').fetchall())
    other.close(); db.close()
signal.signal(signal.SIGALRM, lambda *_: print('alarm')); signal.setitimer(signal.ITIMER_REAL, 0.05); signal.pause()
memory = mmap.mmap(-1, 8192); memory[0:5] = b'hello'
if os.fork() == 0: memory[0:5] = b'child'; os._exit(7)
print(os.waitstatus_to_exitcode(os.wait()[1]), memory[:5])
with open('file', 'w+b') as f:
    f.truncate(10000); m = mmap.mmap(f.fileno(), 0); m[9990:] = b'0123456789'; m.flush(); f.seek(9990); print(f.read(), os.fstat(f.fileno()).st_size)
import pty
pid, fd = pty.fork()
if pid == 0: os.execvp('sh', ['sh', '-c', 'test -t 0 && test -t 1 && stty size 2>/dev/null; echo on a terminal'])
text = b''
while True:
    try: text += os.read(fd, 1000)
    except OSError as error: print(text, error.errno); break
os.waitpid(pid, 0)
poll = select.epoll(); r, w = os.pipe(); poll.register(r, select.EPOLLIN); print(poll.poll(0)); os.write(w, b'x'); print([e for _, e in poll.poll(1)])
print(hashlib.sha256(b'typix' * 100000).hexdigest()[:16], json.dumps({'a': [1, 2.5, None]}))
for path in ('missing/x', '/', '/proc/self/stat/x'):
    try: open(path)
    except OSError as error: print(type(error).__name__, error.errno)
print(sorted(p.name for p in pathlib.Path('.').glob('*.db')), os.sched_getaffinity(0) != set())
with tempfile.TemporaryFile() as f: f.write(b'x' * 100000); print(f.tell())
print(time.clock_getres(time.CLOCK_MONOTONIC) < 1e-3, time.thread_time() >= 0, os.get_terminal_size.__name__)
sys.exit(4)
END
python3 main.py; echo "status $?"
python3 -c 'import os; os.kill(os.getpid(), 9)'; echo "status $?"
python3 -c 'print(sum(range(10**6)))' | cat; echo 'print(input()[::-1])' > reverse.py; python3 reverse.py <<< 'forwards'
