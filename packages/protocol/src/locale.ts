/** Direction, numbers and plural forms of a language, for the words of every surface. */

const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/

/** `locale`: BCP 47. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr'
}

type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

export interface Formats {
  /** A number in the locale's digits. */
  readonly number: (value: number) => string
  /** The form that the language has for a number of things. */
  readonly plural: (value: number, forms: PluralForms) => string
}

/** Formats of a locale, made when first asked for. A browser that lacks Intl gets plain digits and one plural form. */
export function createFormats(locale: string): Formats {
  let numbers: Intl.NumberFormat | undefined
  let rules: Intl.PluralRules | undefined
  return {
    number(value) {
      try {
        numbers ??= new Intl.NumberFormat(locale)
        return numbers.format(value)
      } catch {
        return String(value)
      }
    },
    plural(value, forms) {
      try {
        rules ??= new Intl.PluralRules(locale)
        return forms[rules.select(value)] ?? forms.other
      } catch {
        return forms.other
      }
    },
  }
}
