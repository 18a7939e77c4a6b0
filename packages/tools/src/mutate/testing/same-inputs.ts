import fc from 'fast-check';

// Else a mutant that only a rare input kills would survive every other run.
fc.configureGlobal({ seed: 1 });
