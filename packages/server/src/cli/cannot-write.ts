/** Of commands that write a file; apart from other failures, so that a server that starts does not load it. */

/** Explains why a file or folder that the caller named cannot be made. `advice` follows the reason. */
export function cannotWrite(cause: unknown, path: string, advice = ''): Error {
  const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown'
  const problem =
    code === 'EEXIST'
      ? `${path} exists already; nothing was changed`
      : `cannot write ${path} (${code === 'ENOENT' ? 'no such folder' : code})${advice}`
  return new Error(problem, { cause })
}
