/**
 * Options of every run of axe. By default it first reads and parses all style sheets, half of a run's time, for a rule that
 * is experimental and not run; the length of sounds and films, for another one, it still reads.
 */
export const RUN = { resultTypes: ['violations'], preload: { assets: ['media'] } }
