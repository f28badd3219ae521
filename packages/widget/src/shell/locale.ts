/** Language and direction of the widget. */

const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/

const TAG = /^\s*([a-z]{2,8})((?:[-_][a-z0-9]{1,8})*)(?![a-z0-9])/i

/** Normalises the tags that pages use: `de_DE`, `de-DE.utf8` and `de-` are German. `en` if empty. */
export function normalizedLocale(tag: string): string {
  const [, language, rest = ''] = TAG.exec(tag) ?? []
  return language ? language.toLowerCase() + rest.replaceAll('_', '-') : 'en'
}

/** The element's `locale`, else the language of the page around it, else English. */
export function localeFor(element: HTMLElement): string {
  return normalizedLocale(
    element.getAttribute('locale') || element.closest<HTMLElement>('[lang]')?.lang || 'en',
  )
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr'
}
