/** A file of its own: a language's strings need this and no other browser interface. */

/** Plural form of a number; `other` if the browser does not know. */
export const pluralOf =
  (locale: string) =>
  (count: number): Intl.LDMLPluralRule => {
    try {
      return new Intl.PluralRules(locale).select(count)
    } catch {
      return 'other'
    }
  }
