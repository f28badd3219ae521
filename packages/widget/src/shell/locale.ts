/** Language of the widget. */

const TAG = /^\s*([a-z]{2,8})((?:[-_][a-z0-9]{1,8})*)(?![a-z0-9])/i

/** Normalises the tags that pages use: `de_DE`, `de-DE.utf8` and `de-` are German. `en` if empty. */
export function normalizedLocale(tag: string): string {
  const [, language, rest = ''] = TAG.exec(tag) ?? []
  return language ? language.toLowerCase() + rest.replaceAll('_', '-') : 'en'
}

/** The language that an element inherits, also from outside of the shadow roots that it is in. */
const languageAround = (element: Element | undefined): string | undefined =>
  element &&
  (element.closest<HTMLElement>('[lang]')?.lang ??
    languageAround((element.getRootNode() as Partial<ShadowRoot>).host))

/** The element's `locale`, else the language of the page around it, else English. */
export const localeFor = (element: HTMLElement): string =>
  normalizedLocale(element.getAttribute('locale') || languageAround(element) || 'en')
