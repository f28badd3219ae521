/** A file of its own: a language's strings need this and no other browser interface. */

/** Plural form of a number; `other` if the browser does not know. */
export function pluralOf(locale: string): (count: number) => Intl.LDMLPluralRule {
  // Made when first asked for: at once, it would cost each page that merely loads the strings.
  let rules: Intl.PluralRules | undefined
  return (count) => {
    try {
      rules ??= new Intl.PluralRules(locale)
      return rules.select(count)
    } catch {
      return 'other'
    }
  }
}
