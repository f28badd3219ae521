/** A network between devices and server that can fail: cuts every connection, or refuses WebSocket. */
import { createServer, request as httpRequest } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'

export interface Proxy {
  readonly url: string
  /** Breaks every open connection, without a close frame. */
  cut(): void
  close(): Promise<void>
}

export interface TcpProxy extends Proxy {
  /** Requested paths, in order. */
  readonly asked: readonly string[]
  /** On new connections, passes on the server's bytes up to the first chunk that contains this; `null`: everything. */
  stallAfter(said: string | null): void
  /** On open connections, passes on nothing more from the server. */
  mute(): void
}

const portOf = (url: string): number => Number(new URL(url).port)

/** Passes bytes on, until `cut()`. */
export async function startTcpProxy(target: () => string): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const upstreams = new Set<Socket>()
  const asked: string[] = []
  let last: string | null = null
  const server = createTcpServer((client) => {
    client.on('data', (piece) => {
      for (const [, path = ''] of String(piece).matchAll(/^[A-Z]+ ([^ ?]+)\S* HTTP\/1/gm)) asked.push(path)
    })
    const upstream = connect(portOf(target()), '127.0.0.1')
    upstreams.add(upstream)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        upstreams.delete(upstream)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream).pipe(client)
    const stallsAfter = last
    if (stallsAfter === null) return
    upstream.on('data', (piece) => {
      if (piece.includes(stallsAfter)) upstream.unpipe(client).resume()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    cut,
    stallAfter(said) {
      last = said
    },
    mute() {
      for (const upstream of upstreams) upstream.unpipe().resume()
    },
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Passes HTTP on and drops WebSocket upgrades, as some company proxies do. */
export async function startHttpOnlyProxy(
  target: () => string,
): Promise<Proxy & { readonly upgrades: number }> {
  let upgrades = 0
  const server = createServer((incoming, outgoing) => {
    const upstream = httpRequest(
      {
        host: '127.0.0.1',
        port: portOf(target()),
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    upstream.on('error', () => outgoing.destroy())
    outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  })
  server.on('upgrade', (_request, socket) => {
    upgrades += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get upgrades() {
      return upgrades
    },
    cut: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
