/** Writes what changed. Throws if English is malformed. */
export function writeWords(): void
