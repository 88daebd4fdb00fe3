// What a runner starts for action.yml. The bundle is built by `npm run bundle` and committed: nothing is installed at run time.
import { fileURLToPath } from 'node:url';
import { runAction } from './bundle/peak.js';

process.exitCode = await runAction(process.env, fileURLToPath(new URL('bin', import.meta.url)));
