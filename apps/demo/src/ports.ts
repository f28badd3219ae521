/** Ports the demo listens on. */
import { createServer } from 'node:net'

/** Resolves with true if the port is free. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** Returns the wanted port; without one, the usual port if it is free, else 0 for any free one. */
export async function choosePort(wanted: number | undefined, usual: number, host: string): Promise<number> {
  if (wanted !== undefined) return wanted
  return (await isFree(usual, host)) ? usual : 0
}
