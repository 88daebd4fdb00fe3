import { main } from './bundle/peak.js';

process.exitCode = await main(process.argv.slice(2));
