/**
 * Makes properties deterministic: a test file that imports this tries the same values in every run. A failure prints
 * its counterexample; to look further, change the seed.
 */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_122 });
