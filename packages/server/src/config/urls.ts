/** Checks of addresses that the server will call. */

/** Says what is wrong with an http(s) address, or `undefined`. */
export function problemOfUrl(value: string): string | undefined {
  if (/\s/.test(value)) return 'must not hold white space'
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return 'must be an http or https URL'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.hash !== '') return 'must not have a fragment'
  return undefined
}

/** Says what is wrong with the address of a mail server, or `undefined`. Its settings are ours, so it has no query. */
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

/** Whether a host, as a flag or a URL has it, is this machine by its literal name. */
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

/** As `problemOfUrl`; identity depends on the answer, so nobody in between may change it: https, or this machine. */
export function problemOfIdentityUrl(value: string, dev: boolean): string | undefined {
  const problem = problemOfUrl(value)
  if (problem !== undefined) return problem
  const url = new URL(value)
  return url.protocol === 'https:' || isLoopback(url.hostname) || dev ? undefined : 'must be https'
}
