/** The path of `publicUrl`, below which the server answers: a proxy in front passes it on. */

/** Checks on the machine itself, e.g. a container's, do not know the path. */
const WITHOUT_PATH: readonly string[] = ['/healthz', '/readyz', '/metrics']

/** A path that no route has. */
const ELSEWHERE = '/..'

/** The path of an address, without a slash at its end; empty for none. */
export const basePathOf = (publicUrl: string | undefined): string =>
  publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '')

/** Removes the path from a request's URL, so that routes need not know it. Any other URL becomes that of no route. */
export function withoutBasePath(url: string, basePath: string): string {
  if (basePath === '') return url
  if (url.startsWith(`${basePath}/`)) return url.slice(basePath.length)
  const [path = ''] = url.split('?')
  return WITHOUT_PATH.includes(path) ? url : ELSEWHERE
}
