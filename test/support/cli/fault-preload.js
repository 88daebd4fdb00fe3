/**
 * Breaks a process at one of its changes to the file system: `node --import fault-preload.js bin/peak.js …`.
 *
 * Every call of `node:fs` that changes something counts as one. PEAK_TEST_CALLS names a file that gets one line per call,
 * before it happens, and one `spawn …` per process that is started; PEAK_TEST_FAULT is `how:n` with n from 1:
 *   kill:n   SIGKILL instead of the nth change
 *   half:n   the nth change writes half of its bytes, then SIGKILL (only changes that write bytes count)
 *   full:n   from the nth change that needs space on, ENOSPC
 *   spawn:n  SIGKILL instead of the nth process that it would start
 * PEAK_TEST_HOLD stops it before certain changes, `function,part of the path,file;…`: each first one writes `file.reached`
 * and waits until `file` exists, or `file.reached` is gone.
 * PEAK_TEST_PAUSE_MS makes every change slower, so that runs overlap. PEAK_TEST_MEMORY names a file that gets the
 * largest resident size of the process, in KiB.
 */
import child from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { appendFileSync, writeFileSync, writeSync } = fs;
const { PEAK_TEST_FAULT, PEAK_TEST_CALLS, PEAK_TEST_HOLD, PEAK_TEST_PAUSE_MS, PEAK_TEST_MEMORY } =
  process.env;
const [how = '', position = '0'] = (PEAK_TEST_FAULT ?? '').split(':');
const at = Number(position);

/** Changes that need space on the disk. */
const GROWING = new Set(['openSync', 'writeSync', 'writeFileSync', 'mkdirSync', 'linkSync']);
const CHANGING = [
  ...GROWING,
  ...['appendFileSync', 'chmodSync', 'copyFileSync', 'cpSync', 'ftruncateSync', 'renameSync'],
  ...['rmSync', 'rmdirSync', 'symlinkSync', 'truncateSync', 'unlinkSync', 'utimesSync'],
];
const counts = { all: 0, growing: 0, writing: 0 };

/** @type {(name: string, args: unknown[]) => boolean} */
function changes(name, [first, flags = 'r']) {
  // The standard streams are no files of the folder.
  if (name === 'writeSync') return typeof first === 'number' && first > 2;
  if (name !== 'openSync') return true;
  const { O_WRONLY, O_RDWR, O_CREAT } = fs.constants;
  return typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0 : flags !== 'r';
}

const holds = (PEAK_TEST_HOLD ?? '').split(';').map((hold) => hold.split(','));

/** @type {(milliseconds: number) => void} */
function pause(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** @type {(name: string, path: string) => void} */
function waitWhereHeld(name, path) {
  const index = holds.findIndex(([held, part = '']) => held === name && path.includes(part));
  const [, , file = ''] = holds.splice(index, index === -1 ? 0 : 1)[0] ?? [];
  if (file === '') return;
  writeFileSync(`${file}.reached`, '');
  // A test that failed removes its files: then nobody is left to wait for.
  while (!fs.existsSync(file) && fs.existsSync(`${file}.reached`)) pause(5);
}

/** @type {() => never} */
function die() {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('still alive');
}

/** @type {(name: string, args: any[]) => void} */
function writeHalf(name, args) {
  const bytes = Buffer.from(args[1]);
  const half = bytes.subarray(0, bytes.length >> 1);
  if (name === 'writeSync') writeSync(args[0], half);
  else writeFileSync(args[0], half, args[2]);
}

/** @type {(name: string, args: unknown[]) => void} */
function meet(name, args) {
  counts.all += 1;
  if (GROWING.has(name)) counts.growing += 1;
  const writes = name === 'writeSync' || name === 'writeFileSync';
  if (writes) counts.writing += 1;
  if (PEAK_TEST_CALLS !== undefined) appendFileSync(PEAK_TEST_CALLS, `${name} ${String(args[0])}\n`);
  waitWhereHeld(name, String(args[0]));
  if (PEAK_TEST_PAUSE_MS !== undefined) pause(Number(PEAK_TEST_PAUSE_MS));
  if (how === 'kill' && counts.all === at) die();
  if (how === 'half' && writes && counts.writing === at) {
    writeHalf(name, args);
    die();
  }
  if (how === 'full' && GROWING.has(name) && counts.growing >= at) {
    throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), {
      code: 'ENOSPC',
      errno: -28,
    });
  }
}

/** Node.js carries out some of these by others, which then are not changes of their own. */
let inside = false;

for (const name of CHANGING) {
  const original = Reflect.get(fs, name);
  Reflect.set(fs, name, (/** @type {unknown[]} */ ...args) => {
    if (inside || !changes(name, args)) return Reflect.apply(original, fs, args);
    inside = true;
    try {
      meet(name, args);
      return Reflect.apply(original, fs, args);
    } finally {
      inside = false;
    }
  });
}
const { spawn } = child;
let processes = 0;
Reflect.set(child, 'spawn', (/** @type {unknown[]} */ ...args) => {
  processes += 1;
  inside = true;
  if (PEAK_TEST_CALLS !== undefined) appendFileSync(PEAK_TEST_CALLS, `spawn ${String(args[0])}\n`);
  inside = false;
  if (how === 'spawn' && processes === at) die();
  return Reflect.apply(spawn, child, args);
});
syncBuiltinESMExports();

if (PEAK_TEST_MEMORY !== undefined) {
  process.on('exit', () => writeFileSync(PEAK_TEST_MEMORY, String(process.resourceUsage().maxRSS)));
}
