/** A disk that is full at any point of a run: by a real small disk where one can be mounted, and by injected faults anywhere. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { saidIn } from '../support/cli/answer.ts';
import { GovernedFolder, governedFolder, temporaryFolder } from '../support/cli/governed-folder.ts';
import { inParallel } from '../support/cli/in-parallel.ts';
import { mountingDisks } from '../support/cli/privileges.ts';
import { runHere } from '../support/cli/run-here.ts';
import {
  cleanEnvironment,
  peakCommand,
  type Run,
  runCommand,
  runPeak,
  runShell,
  withFaults,
} from '../support/cli/run-peak.ts';

/** Null where nobody may mount a disk: then only the injected faults are tried. */
const mounting = mountingDisks();

function everythingChanges(): GovernedFolder {
  const folder = governedFolder();
  folder.setMode('bounded_auto');
  folder.write('config/auto/learning.override.toml', '[overrides]\n');
  return folder;
}

/** The outcome of a run on an unlimited disk. */
async function undisturbed(): Promise<ReadonlyMap<string, string>> {
  const folder = everythingChanges();
  expect(await runPeak(folder, ['cycle'])).toMatchObject({ exitCode: 0, stderr: '' });
  return folder.snapshot();
}

/** How many changes of a run need space on the disk. */
async function countPlaces(): Promise<number> {
  const log = join(temporaryFolder(), 'calls');
  await runPeak(everythingChanges(), ['cycle'], { env: withFaults({ PEAK_TEST_CALLS: log }) });
  return readFileSync(log, 'utf8').match(/^(open|write|writeFile|mkdir|link)Sync /gm)?.length ?? 0;
}

function expectFullDisk(run: Run): void {
  expect(run).toMatchObject({ exitCode: 3, stdout: '' });
  expect(saidIn(run)).toEqual([expect.stringContaining('ENOSPC')]);
  expect(run.stderr).toMatch(/^ {2}help: .*space/m);
}

/** Every file has its old bytes or its new ones, and none is missing. */
function expectNothingLost(
  seen: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): void {
  for (const [path, bytes] of seen) expect([before.get(path), after.get(path)], path).toContain(bytes);
  for (const path of before.keys()) expect(seen.has(path), path).toBe(true);
  const proposals = [...seen.keys()].filter((path) => path.startsWith('reports/live_promotion/'));
  expect(proposals.length % 3).toBe(0);
}

describe('a disk that fills up', () => {
  test('before any change that needs space: exit 3, nothing lost, and the next run completes', {
    timeout: 90_000,
  }, async () => {
    const after = await undisturbed();
    const places = await countPlaces();
    expect(places).toBeGreaterThan(15);
    await inParallel(Array(places).keys(), async (i) => {
      const at = i + 1;
      const folder = everythingChanges();
      const before = folder.snapshot();
      const run = await runPeak(folder, ['cycle'], { env: withFaults({ PEAK_TEST_FAULT: `full:${at}` }) });
      expectFullDisk(run);
      expectNothingLost(folder.snapshot(), before, after);
      expect(folder.leftovers(), `leftovers after full:${at}`).toEqual([]);
      expect(await runHere(folder, ['cycle'])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(folder.snapshot()).toEqual(after);
    });
  });
});

/** Copies the folder to a new small disk, leaves this much of it free, runs, and copies back what is there. */
const ON_SMALL_DISK = `
set -e
disk="$1" start="$2" end="$3" free="$4"
shift 4
mount -t tmpfs -o size=400k tmpfs "$disk"
cp -R "$start/." "$disk"
available=$(df -k --output=avail "$disk" | tail -1 | tr -d ' ')
dd if=/dev/zero of="$disk/ballast" bs=1024 count=$((available - free)) 2>/dev/null
cd "$disk"
code=0
"$@" || code=$?
rm ballast
cp -R . "$end"
exit $code`;

describe.skipIf(mounting === null)('a small disk', () => {
  async function runOnDisk(
    start: GovernedFolder,
    freeKib: number,
  ): Promise<{ run: Run; seen: GovernedFolder }> {
    const place = temporaryFolder();
    for (const name of ['disk', 'end']) mkdirSync(join(place, name));
    const seen = new GovernedFolder(join(place, 'end'));
    const shell = [
      'sh',
      '-c',
      ON_SMALL_DISK,
      'sh',
      join(place, 'disk'),
      start.root,
      seen.root,
      String(freeKib),
    ];
    const run = await runCommand([...(mounting ?? []), ...shell, ...peakCommand(), 'cycle'], {
      cwd: place,
      env: cleanEnvironment(),
    });
    return { run, seen };
  }

  test('of any size: exit 3 or 0, and no file is ever half', { timeout: 90_000 }, async () => {
    const after = await undisturbed();
    const start = everythingChanges();
    const codes = await inParallel([0, 20, 40, 96], async (freeKib) => {
      const { run, seen } = await runOnDisk(start, freeKib);
      if (run.exitCode !== 0) expectFullDisk(run);
      expectNothingLost(seen.snapshot(), start.snapshot(), after);
      expect(seen.leftovers(), `${freeKib} KiB free`).toEqual([]);
      const mended = new GovernedFolder(temporaryFolder());
      cpSync(seen.root, mended.root, { recursive: true });
      expect(await runHere(mended, ['cycle'])).toMatchObject({ exitCode: 0, stderr: '' });
      expect(mended.snapshot()).toEqual(after);
      return run.exitCode;
    });
    expect(codes[0]).toBe(3);
    expect(codes.at(-1)).toBe(0);
    expect(new Set(codes)).toEqual(new Set([3, 0]));
  });
});

describe('a limit on the size of files', () => {
  // ulimit(1p) counts in blocks of 512 bytes; the smallest file of a run has about 400 bytes, the largest about 9,000.
  test.each([0, 1, 4, 12])('of %i blocks: exit 3, and no file is ever half', async (blocks) => {
    const folder = everythingChanges();
    const before = folder.snapshot();
    const run = await runShell(`ulimit -f ${blocks}; "$@" cycle`, folder.root);
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(saidIn(run)).toEqual([expect.stringContaining('EFBIG')]);
    expect(folder.snapshot()).toEqual(before);
    expect(folder.leftovers()).toEqual([]);
  });
});

describe('an output that takes nothing', () => {
  test('fails loudly, and the files are written', async () => {
    const folder = everythingChanges();
    const run = await runCommand(['sh', '-c', '"$@" >/dev/full', 'sh', ...peakCommand(), 'cycle'], {
      cwd: folder.root,
      env: cleanEnvironment(),
    });
    expect(run.exitCode).toBe(3);
    expect(saidIn(run)).toEqual([expect.stringContaining('ENOSPC')]);
    expect(readFileSync(folder.path('config/live_overrides/auto.toml'), 'utf8')).toContain(
      '"portfolio.leverage" = 1.25',
    );
    expect(folder.leftovers()).toEqual([]);
  });
});
