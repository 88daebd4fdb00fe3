/**
 * `npm run bench`: speed and memory, each line beside a floor measured in the same run (README.md beside this file). Exits with 1
 * when a limit is broken. `npm run bench -- --only NAME` runs the lines whose name begins like that.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTable } from '../../src/reports/table.ts';
import { writeGovernedFolder, writeOverrides, writePatchFiles, writePatchLines } from './data.ts';
import { writeHistoryRepository } from './history-repository.ts';
import { interleaved, type RunCost, runNode } from './measure.ts';
import { measureReview } from './review-lines.ts';

const PROJECT = join(import.meta.dirname, '../..');
const PEAK = join(PROJECT, 'bin/peak.js');
const HERE = import.meta.dirname;
/** As many decisions as a published cycle may hold (product.md §2). */
const MAX_DECISIONS = 2000;
/** Evidence is fresh two days after it was made. */
process.env['SOURCE_DATE_EPOCH'] = String(Date.UTC(2026, 10, 22, 3) / 1000);

/** One line of the table: what, measured, floor, limit, and whether it holds. */
type Line = readonly [
  name: string,
  measured: string,
  floor: string,
  ratio: string,
  limit: string,
  verdict: string,
];

function against(name: string, cost: RunCost, floor: RunCost, limit: number): Line {
  const ratio = cost.seconds / floor.seconds;
  return [
    name,
    ms(cost),
    ms(floor),
    `${ratio.toFixed(2)} ×`,
    `≤ ${limit.toFixed(1)} ×`,
    verdict(ratio <= limit),
  ];
}

function absolute(name: string, measured: number, unit: string, limit: number, floor = ''): Line {
  return [
    name,
    `${measured.toFixed(0)} ${unit}`,
    floor,
    '',
    `≤ ${limit.toFixed(0)} ${unit}`,
    verdict(measured <= limit),
  ];
}

const ms = ({ seconds }: RunCost): string => `${(seconds * 1000).toFixed(0)} ms`;
const verdict = (holds: boolean): string => (holds ? 'ok' : 'OVER');
const peak = (...args: readonly string[]) => runNode([PEAK, ...args]);
const nothing = () => runNode(['-e', '0']);

function documents(root: string): Line[] {
  writeGovernedFolder(root, 500);
  writePatchFiles(root, 100_000, 500);
  const evidence = join(root, 'reports/learning_snippets');
  const floor = () => runNode([join(HERE, 'floor-documents.js'), evidence]);
  const [learn, bare] = interleaved(5, [() => peak('learn', '--dry-run', '--root', root), floor]) as [
    RunCost,
    RunCost,
  ];
  return [against('learn, 100,000 files', learn, bare, 1.5)];
}

function lines(root: string): Line[] {
  writeGovernedFolder(root, 500);
  const path = writePatchLines(root, 1_000_000, 500);
  const learn = ['learn', '--dry-run', '--root', root];
  const [full, bare] = interleaved(3, [
    () => peak(...learn),
    () => runNode([join(HERE, 'floor-lines.js'), path]),
  ]) as [RunCost, RunCost];
  const memory = runNode([PEAK, ...learn], { memory: true });
  const floorMemory = runNode([join(HERE, 'floor-lines.js'), path], { memory: true });
  return [
    against('learn, 1,000,000 JSON Lines', full, bare, 2),
    absolute('  peak memory', memory.mebibytes, 'MiB', 200, `${floorMemory.mebibytes.toFixed(0)} MiB`),
  ];
}

/** A cycle over so many patches, spread over so many targets; what it wrote the last time is removed first. */
function cycle(root: string, patches: number, targets: number): () => RunCost {
  const folder = join(root, `${patches}-${targets}`);
  writeGovernedFolder(folder, targets);
  writePatchLines(folder, patches, targets);
  return () => {
    rmSync(join(folder, 'reports/live_promotion'), { recursive: true, force: true });
    rmSync(join(folder, 'config/auto'), { recursive: true, force: true });
    return peak('cycle', '--publish', 'none', '--root', folder);
  };
}

function promotion(root: string): Line[] {
  const runs = [
    nothing,
    cycle(root, 100_000, MAX_DECISIONS),
    cycle(root, 25_000, 25_000),
    cycle(root, 50_000, 50_000),
    cycle(root, 100_000, 100_000),
  ];
  const [floor, published, small, middle, large] = interleaved(5, runs) as [
    RunCost,
    RunCost,
    RunCost,
    RunCost,
    RunCost,
  ];
  const limit = 1500 * (floor.seconds / 0.08);
  const growth = large.seconds / small.seconds;
  const over = `${((large.seconds * 1000) / limit).toFixed(2)} × of ${limit.toFixed(0)} ms`;
  return [
    absolute('cycle, 100,000 patches, 2,000 targets', published.seconds * 1000, 'ms', limit, ms(floor)),
    ['cycle, 100,000 patches, 100,000 targets', ms(large), ms(floor), over, '', ''],
    [`  growth from 25,000`, ms(large), ms(small), `${growth.toFixed(2)} ×`, '≤ 5.0 ×', verdict(growth <= 5)],
    [`  50,000 patches`, ms(middle), ms(small), `${(middle.seconds / small.seconds).toFixed(2)} ×`, '', ''],
  ];
}

function startUp(root: string): Line[] {
  writeGovernedFolder(root, 30);
  const get = () => peak('config', 'get', 'portfolio.leverage', '--env', 'live', '--root', root);
  const [floor, config, version] = interleaved(25, [nothing, get, () => peak('--version')]) as [
    RunCost,
    RunCost,
    RunCost,
  ];
  return [
    against('peak config get, cold', config, floor, 1.8),
    against('peak --version', version, floor, 1.4),
  ];
}

function loads(root: string): Line[] {
  writeOverrides(root, 200);
  const found = JSON.parse(
    execFileSync(process.execPath, [join(HERE, 'loads.js'), root], { encoding: 'utf8' }),
  ) as {
    loads: number;
    changed: number;
    floor: number;
  };
  const rate = (perSecond: number) => `${perSecond.toFixed(0)} /s`;
  const line = (name: string, perSecond: number, limit: string, holds: string): Line => {
    const ratio = `${(found.floor / perSecond).toFixed(2)} ×`;
    return [name, rate(perSecond), rate(found.floor), ratio, limit, holds];
  };
  return [
    line('load with 200 overrides', found.loads, '≥ 2000 /s', verdict(found.loads >= 2000)),
    line('  every file changed since', found.changed, '', ''),
  ];
}

/** The typed history of every promotion, beside git alone; and ten times as many commits, which only have to work. */
async function history(root: string): Promise<Line[]> {
  const folder = join(root, 'promotions');
  const head = await writeHistoryRepository(folder, 20_000, 5000);
  const read = (...args: readonly string[]) => [join(HERE, 'history.js'), ...args];
  const floorArgs = [join(HERE, 'floor-history.js'), folder, head];
  const [typed, bare] = interleaved(5, [() => runNode(read(folder, head)), () => runNode(floorArgs)]) as [
    RunCost,
    RunCost,
  ];
  const [told, back, audited] = interleaved(3, [
    () => peak('history', 'portfolio.parameter_07', '--json', '--root', folder),
    () => peak('rollback', '--target', 'portfolio.parameter_07', '--dry-run', '--root', folder),
    () => runNode([join(HERE, 'audit.js'), folder]),
  ]) as [RunCost, RunCost, RunCost];
  const memory = runNode(read(folder, head), { memory: true });
  const floorMemory = runNode(floorArgs, { memory: true });
  const long = join(root, 'commits');
  const longHead = await writeHistoryRepository(long, 50_000, 500);
  const cost = runNode(read(long, longHead));
  return [
    against('history of 5,000 promotions, 20,000 commits', typed, bare, 2),
    absolute('  peak memory', memory.mebibytes, 'MiB', 200, `${floorMemory.mebibytes.toFixed(0)} MiB`),
    ['  500 promotions, 50,000 commits', ms(cost), '', '', '', 'ok'],
    against('  peak history of one target', told, bare, 3),
    against('  peak rollback of one target', back, bare, 3),
    against('  audit of the line, no promotion derived again', audited, bare, 8),
  ];
}

/** Judging on a mirror (judge.md §2, issue 5): by limits in milliseconds, so they depend on the machine. */
async function review(root: string): Promise<Line[]> {
  const many = await measureReview(root, 10_000, 9);
  const few = await measureReview(root, 200, 60);
  const floor = ms(interleaved(5, [nothing])[0] as RunCost);
  return [
    absolute('judge, 10,000 evidence files, clone first', many.cloned, 'ms', 5000, floor),
    absolute('  a new process on a mirror', many.found, 'ms', 5000, floor),
    absolute('  warm mirror: read and judge', many.warm, 'ms', 200, floor),
    absolute('    a head not judged before', many.otherHead, 'ms', 200, floor),
    absolute('    the base moved by a commit', many.otherBase, 'ms', 200, floor),
    ['    of that, judging', `${many.judge.toFixed(0)} ms`, floor, '', '', ''],
    ['  warm mirror: asking GitHub', `${many.fetch.toFixed(0)} ms`, floor, '', '', ''],
    absolute(`judge, ${few.patches} patches, evidence parsed`, few.judge, 'ms', 20, floor),
  ];
}

const BENCHES: Readonly<Record<string, (root: string) => Line[] | Promise<Line[]>>> = {
  documents,
  lines,
  promotion,
  startUp,
  loads,
  history,
  review,
};

const only = process.argv[process.argv.indexOf('--only') + 1] ?? '';
const wanted = Object.entries(BENCHES).filter(
  ([name]) => !process.argv.includes('--only') || name.startsWith(only),
);
execFileSync('npm', ['run', 'build'], { cwd: PROJECT });
const table: Line[] = [];
for (const [name, bench] of wanted) {
  process.stderr.write(`measuring ${name} …\n`);
  const root = mkdtempSync(join(tmpdir(), 'peak-bench-'));
  try {
    table.push(...(await bench(root)));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
process.stdout.write(
  `node ${process.version}\n\n${formatTable(['what', 'measured', 'floor', 'ratio', 'limit', ''], table)}\n`,
);
process.exitCode = table.some((line) => line.includes('OVER')) ? 1 : 0;
