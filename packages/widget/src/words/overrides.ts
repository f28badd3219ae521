/** A host's own words in place of the widget's, one by one. */

export type Overrides = Readonly<Record<string, unknown>>

/** An override of another type than the word it replaces is left out; `undefined` means not given. */
export function overridden<Words extends object>(words: Words, overrides: Overrides): Words {
  return Object.fromEntries(
    Object.entries(words).map(([name, word]) => {
      const own = overrides[name]
      return [name, typeof own === typeof word ? own : word]
    }),
  ) as Words
}
