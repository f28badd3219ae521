/** Hosts as addresses of the web name them. */

/** Both are there in browsers and in Node, whose types this package has neither of. */
declare const URL: {
  new (address: string): { readonly hostname: string }
  canParse(address: string): boolean
}

/** Without zeros in front, which some programs read as octal. */
export const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** A host in the spelling of an address; `null` for what is none. */
export function readHost(host: string): string | null {
  const address = `http://${host}/`
  return URL.canParse(address) ? new URL(address).hostname : null
}
