/** Holds back what the server says to a page over WebSocket, to look at what a page shows meanwhile. */
import type { Page, WebSocketRoute } from 'playwright'

export interface SlowNetwork {
  hold(): void
  /** Delivers what was held, in order, and what comes later at once. */
  release(): void
}

/** Call before the page is opened. */
export async function slowNetwork(
  page: Page,
  change: (message: string) => string = (message) => message,
): Promise<SlowNetwork> {
  let holding = false
  let held: (() => void)[] = []
  await page.routeWebSocket(/\/socket\.io\//, (device: WebSocketRoute) => {
    const server = device.connectToServer()
    device.onMessage((message) => server.send(typeof message === 'string' ? change(message) : message))
    server.onMessage((message) => {
      if (holding) held.push(() => device.send(message))
      else device.send(message)
    })
  })
  return {
    hold() {
      holding = true
    },
    release() {
      holding = false
      const late = held
      held = []
      for (const deliver of late) deliver()
    },
  }
}
