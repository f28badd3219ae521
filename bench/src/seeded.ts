/** Pseudo-random choices, the same in every run: two runs differ only by their measurements. */
import { createHash } from 'node:crypto'

/** The number from 0 up to 1 for this seed and thing. */
export const drawn = (seed: number, thing: string): number =>
  createHash('sha256').update(`${seed} ${thing}`).digest().readUInt32BE(0) / 2 ** 32

export const shuffled = <Value>(values: readonly Value[], seed: number): readonly Value[] =>
  values
    .map((value, index) => ({ value, place: drawn(seed, `place ${index}`) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ value }) => value)
