/** Checks of addresses that the server will call. */

/** Returns the problem of an http(s) address, or `undefined`. */
export function problemOfUrl(value: string): string | undefined {
  if (/\s/.test(value)) return 'must not hold white space'
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return 'must be an http or https URL'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.hash !== '') return 'must not have a fragment'
  return undefined
}

/**
 * Returns the problem of a mail server's address, or `undefined`. A query is refused: it would change settings that are
 * ours.
 */
export function problemOfSmtpUrl(value: string): string | undefined {
  if (/\s/.test(value)) return 'must not hold white space'
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    return 'must be an smtp:// or smtps:// address'
  if ((url.pathname !== '' && url.pathname !== '/') || url.search !== '' || url.hash !== '')
    return 'must end after the port'
  try {
    decodeURIComponent(url.username + url.password)
  } catch {
    return 'has a malformed % in its user name or password'
  }
  return undefined
}

/** True if a host, as in a flag or a URL, is the literal name of this machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase()
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    host === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
  )
}

/**
 * As `problemOfUrl`, but https or this machine only: identity depends on the answer, so nobody in between may change
 * it.
 */
export function problemOfIdentityUrl(value: string, dev: boolean): string | undefined {
  const problem = problemOfUrl(value)
  if (problem !== undefined) return problem
  const url = new URL(value)
  return url.protocol === 'https:' || isLoopback(url.hostname) || dev ? undefined : 'must be https'
}
