/** Ports the demo listens on. */
import { createServer } from 'node:net'

/** Whether the port can be listened on right now. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** The wanted port as it is; without one, the usual port when it is free, else 0: any free one. */
export async function choosePort(wanted: number | undefined, usual: number, host: string): Promise<number> {
  if (wanted !== undefined) return wanted
  return (await isFree(usual, host)) ? usual : 0
}
