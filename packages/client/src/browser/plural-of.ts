/** A file by itself: a language's words need it, and nothing else of the browser's interfaces. */

/** Which plural form a number takes; `other` where the browser does not know. */
export const pluralOf =
  (locale: string) =>
  (count: number): Intl.LDMLPluralRule => {
    try {
      return new Intl.PluralRules(locale).select(count)
    } catch {
      return 'other'
    }
  }
