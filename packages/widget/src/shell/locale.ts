/** Which language the widget speaks, and which way it reads. */

const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)(-|$)/i

/** The element's `locale`, else the language of the page around it, else English. */
export function localeFor(element: HTMLElement): string {
  return element.getAttribute('locale') || element.closest<HTMLElement>('[lang]')?.lang || 'en'
}

export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr'
}
