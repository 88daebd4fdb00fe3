/**
 * Preloaded into the commands of the demo: their clock starts on the evening of the sample evidence, because evidence expires, and
 * because the local GitHub, whose clock stands there, checks the time that an App signs with.
 */
const now = Date.now;
const offset = Number(process.env['PEAK_DEMO_CLOCK_MS']) - now();
Date.now = () => now() + offset;
