/**
 * The judge as a GitHub App. `bin/judge.js` (`npm start`) runs it as a process of its own, from `start.ts`; what this file exports runs in
 * a Probot server of somebody else's.
 *
 * Invariants: an event only says where to look; what it says is read again before anything is decided; GitHub is answered at once;
 * evaluations of a repository run one after the other; with a bad setting nothing starts. Does not belong here: what a verdict is
 * (review), how it is reached (cycles).
 */
import type { ApplicationFunction } from 'probot';
import { readGitVersion } from '../compose.ts';
import { formatProblems } from '../reports/problem-text.ts';
import { findMachineFaults } from './find-machine-faults.ts';
import { createJudgeApp } from './judge-app.ts';
import { readSettings } from './settings.ts';

const judgeApp: ApplicationFunction = async (app, options) => {
  const settings = readSettings(process.env);
  const faults = settings.ok
    ? findMachineFaults(process.env, settings.value, await readGitVersion())
    : settings.problems;
  if (!settings.ok || faults.length > 0)
    throw new Error(`the judge does not start:\n${formatProblems(faults, faults.length, faults.length)}`);
  return createJudgeApp(settings.value)(app, options);
};
export default judgeApp;
