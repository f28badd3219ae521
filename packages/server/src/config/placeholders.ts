/** `{Auth.Token}` in an action's headers and query: a dot path into the verified context. */

/** Names joined by dots, e.g. `Auth.Token`. */
export const CONTEXT_PATH = /^[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+)*$/

/** Default path of a context's token. */
export const DEFAULT_TOKEN_PATH = 'Auth.Token'

/** Returns the dot paths in a text, in order; `undefined` if a brace has no partner or holds no path. */
export function placeholdersOf(text: string): readonly string[] | undefined {
  const paths: string[] = []
  const rest = text.replace(/\{([^{}]*)\}/g, (_match, path: string) => {
    paths.push(path)
    return ''
  })
  return /[{}]/.test(rest) || !paths.every((path) => CONTEXT_PATH.test(path)) ? undefined : paths
}
