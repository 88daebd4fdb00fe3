/**
 * The judge as a GitHub App: `probot run` starts it, `npm start` calls that.
 *
 * Invariants: an event only says where to look; what it says is read again before anything is decided; GitHub is answered at once;
 * evaluations of a repository run one after the other. Does not belong here: what a verdict is (review), how it is reached (cycles).
 */
import type { ApplicationFunction } from 'probot';
import { createJudgeApp } from './judge-app.ts';
import { readSettings } from './settings.ts';

const judgeApp: ApplicationFunction = (app, options) =>
  createJudgeApp(readSettings(process.env))(app, options);
export default judgeApp;
