# Programs: bash node cat grep
# Node.js: the event loop, timers, files, signals, worker threads, streams, compression.
cat > main.mjs <<'END'
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import zlib from 'node:zlib';

if (!isMainThread) {
  parentPort.postMessage(workerData.reduce((sum, value) => sum + value, 0));
} else {
  console.log(process.argv.length, process.execArgv.length, os.type(), os.arch(), os.EOL.length, process.exitCode);
  const order = [];
  setTimeout(() => order.push('timer 20'), 20);
  setTimeout(() => order.push('timer 1'), 1);
  setImmediate(() => order.push('immediate'));
  process.nextTick(() => order.push('tick'));
  Promise.resolve().then(() => order.push('promise'));
  await sleep(60);
  console.log(order.filter((entry) => !/immediate|timer 1/.test(entry)).join(', '), order.length);

  fs.mkdirSync('a/b/c', { recursive: true });
  for (let index = 0; index < 50; index++) fs.writeFileSync(`a/b/file-${index}`, 'x'.repeat(index * 100));
  await Promise.all(fs.readdirSync('a/b').map((name) => fs.promises.stat(`a/b/${name}`)));
  fs.renameSync('a/b/file-7', 'a/seven');
  fs.symlinkSync('seven', 'a/link');
  console.log(fs.readdirSync('a/b').length, fs.statSync('a/link').size, fs.readlinkSync('a/link'), fs.existsSync('a/b/file-7'));
  try { fs.openSync('missing', 'r'); } catch (error) { console.log(error.code, error.errno, error.syscall); }
  try { fs.rmdirSync('a'); } catch (error) { console.log(error.code); }
  fs.rmSync('a', { recursive: true });

  const big = Buffer.alloc(3_000_000, 'typix ');
  fs.writeFileSync('big', big);
  await pipeline(fs.createReadStream('big'), zlib.createGzip({ level: 1 }), fs.createWriteStream('big.gz'));
  console.log(zlib.gunzipSync(fs.readFileSync('big.gz')).equals(big), createHash('sha256').update(big).digest('hex').slice(0, 16), randomBytes(16).length);

  process.on('SIGUSR2', () => console.log('SIGUSR2'));
  process.kill(process.pid, 'SIGUSR2');
  await sleep(20);
  const sums = await Promise.all([1, 2, 3].map((n) => new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: Array.from({ length: 1000 }, (_, index) => index * n) });
    worker.on('message', resolve);
    worker.on('error', reject);
  })));
  console.log(sums.join(' '));
  const shared = new Int32Array(new SharedArrayBuffer(4));
  console.log(Atomics.wait(shared, 0, 0, 10), (() => { let n = 0; for (let i = 0; i < 3e6; i++) n = (n * 31 + i) | 0; return n; })());
  const module = await WebAssembly.instantiate(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11]));
  console.log('wasm', module.instance.exports.add(40, 2));
  process.exitCode = 5;
}
END
node main.mjs; echo "status $?"
echo 'console.log([...process.argv.slice(2)].join("|"))' > arguments.js; node arguments.js a 'b c' ''
node -e 'process.stdin.on("data", (d) => process.stdout.write(String(d).toUpperCase()))' <<< 'standard input'
node -p '1 +'; echo "status $?"
node -e 'throw new Error("uncaught")' 2>&1 | grep -c uncaught; node -e 'process.abort()' > /dev/null 2>&1; echo "status $?"
node --max-old-space-size=200 -e 'const a = []; for (let i = 0; i < 2e5; i++) a.push({ i, text: String(i) }); console.log(a.length, a[199999].text)'
