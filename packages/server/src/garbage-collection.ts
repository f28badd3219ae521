/** How V8 collects garbage in a process that is nothing but a chat server. */
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'

/** The old space may grow to so many hundredths more than what lives in it before it is collected. */
const GROWTH = 100

/** What V8 is told where there are so many cores. */
export const collectionFlags = (cores: number): readonly string[] => [
  `--heap-growing-percent=${GROWTH}`,
  `--concurrent-marking-max-worker-num=${Math.max(1, cores - 1)}`,
]

/**
 * Leaves a core to the server while its garbage is collected ([DL9]). By itself V8 marks on four threads, however few cores
 * there are, and begins again once the heap has grown by a tenth: under load that is every few seconds, and each time
 * messages wait for a core. Called before anything else; it holds for the whole process.
 */
export function tuneGarbageCollection(): void {
  for (const flag of collectionFlags(availableParallelism())) setFlagsFromString(flag)
}
