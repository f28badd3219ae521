/** A host's own texts in place of the widget's, one by one. */

export type Overrides = Readonly<Record<string, unknown>>

/** An override of another type than the text it replaces is omitted; `undefined` means not given. */
export function overridden<Words extends object>(words: Words, overrides: Overrides): Words {
  return Object.fromEntries(
    Object.entries(words).map(([name, word]) => {
      const own = overrides[name]
      return [name, typeof own === typeof word ? own : word]
    }),
  ) as Words
}
