/** Holds back the server's WebSocket messages to a page, to see what the page shows meanwhile. */
import type { Page, WebSocketRoute } from 'playwright'

export interface SlowNetwork {
  hold(): void
  /** Delivers the held messages, in order, and later ones at once. */
  release(): void
}

/** Call it before the page is opened. */
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
