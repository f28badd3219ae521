/** Explains in one line why the command failed. */

/** Messages for the system errors that an operator can cause. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error))
  const { code, syscall, address, port, path, hostname } = error as NodeJS.ErrnoException & {
    readonly address?: string
    readonly port?: number
    readonly hostname?: string
  }
  const place = `${address}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return `${place} is already in use; choose another --port`
    case 'EADDRNOTAVAIL':
      return `${address} is not an address of this machine; choose another --host`
    case 'ENOTFOUND':
      if (syscall === 'getaddrinfo') return `${hostname} is not a known host; choose another --host`
      break
    case 'ENOENT':
      if (syscall === 'mkdir') return `the data folder ${path} cannot be made; choose another --data`
      break
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EEXIST':
    case 'ENOTDIR':
    case 'ENOSPC':
      if (syscall === 'listen') return `not allowed to listen on ${place}; choose another --port`
      return `cannot write to the data folder${path === undefined ? '' : ` ${path}`} (${code}); choose another --data`
  }
  return oneLine(error.message === '' ? error.name : error.message)
}

const oneLine = (message: string): string => message.replace(/\s*[\r\n]+\s*/g, ' ')
