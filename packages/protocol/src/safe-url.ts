/** URLs that messages may contain. */

/** Exists in browsers and in Node; this package has the types of neither. */
declare const URL: new (
  url: string,
) => { readonly protocol: string; readonly username: string; readonly password: string }

/** Schemes of links. */
export const LINK_SCHEMES: readonly string[] = ['https:', 'http:', 'mailto:', 'tel:']
/** Schemes of pictures. */
export const IMAGE_SCHEMES: readonly string[] = ['https:']

/**
 * True for an absolute URL of one of the schemes that is what it looks like: without white space, control characters and
 * characters that turn the direction of writing, which parsers drop, and without a user name before the host.
 */
export function isSafeUrl(text: string, schemes: readonly string[]): boolean {
  if (/[\s\p{Cc}\p{Bidi_Control}\p{Surrogate}\\]/u.test(text)) return false
  const scheme = schemes.find((each) => text.toLowerCase().startsWith(each))
  if (scheme === undefined) return false
  if (scheme.startsWith('http') && !text.slice(scheme.length).startsWith('//')) return false
  try {
    const { protocol, username, password } = new URL(text)
    return protocol === scheme && username === '' && password === ''
  } catch {
    return false
  }
}
