/** Hosts as URLs spell them. */

/** Both exist in browsers and in Node; this package has the types of neither. */
declare const URL: {
  new (address: string): { readonly hostname: string }
  canParse(address: string): boolean
}

/** Without leading zeros, which some programs read as octal. */
export const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** Returns a host in the spelling of a URL; `null` for an invalid one. */
export function readHost(host: string): string | null {
  const address = `http://${host}/`
  return URL.canParse(address) ? new URL(address).hostname : null
}
