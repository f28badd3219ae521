/** V8's garbage collection, tuned for a process that only runs a chat server. */
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'

/** Per cent of its live size by which the old space may grow before it is collected. */
const GROWTH = 300

/** Cores up to which the young generation is collected by one thread: five of them would take turns, and be woken for it. */
const SCAVENGED_ALONE = 2

/** V8's flags for a machine with this number of cores. */
export const collectionFlags = (cores: number): readonly string[] => [
  `--heap-growing-percent=${GROWTH}`,
  `--concurrent-marking-max-worker-num=${Math.max(1, cores - 1)}`,
  ...(cores <= SCAVENGED_ALONE ? ['--no-parallel-scavenge'] : []),
]

/**
 * Leaves a core to the server while its garbage is collected ([DL9]). By default V8 marks on four threads, however few
 * cores there are, and starts again once the heap has grown by a tenth: under load that is every few seconds, and
 * messages wait for a core each time. Call it before anything else; it holds for the whole process.
 */
export function tuneGarbageCollection(): void {
  for (const flag of collectionFlags(availableParallelism())) setFlagsFromString(flag)
}
