/** Checks across keys, told together with the problems of other keys. */
import type { z } from 'zod'

/**
 * For `superRefine`, which Zod skips once any key of the object is wrong: runs it all the same, unless one of these keys,
 * which it reads, is wrong itself.
 */
export const unlessWrong = (...keys: readonly PropertyKey[]) => ({
  when: ({ value, issues }: z.core.ParsePayload): boolean =>
    typeof value === 'object' &&
    value !== null &&
    !issues.some(({ path: [key] = [] }) => key !== undefined && keys.includes(key)),
})
