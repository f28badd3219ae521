import { connect } from 'node:net'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createHttpServer } from './http-server.ts'

it('[DL9] a request that does not arrive whole is looked for often enough to end when it should', async () => {
  const http = createHttpServer(pino({ level: 'silent' }))
  const { server } = http as unknown as {
    server: { requestTimeout: number; headersTimeout: number; listening: boolean }
  }
  expect(server.requestTimeout).toBe(30_000)
  expect(server.headersTimeout).toBeLessThanOrEqual(30_000)
  await http.close()
})

it('[DL9] a slow request is cut soon after its time', async () => {
  const http = createHttpServer(pino({ level: 'silent' }), {
    times: { requestTimeoutMs: 100, checkMs: 20 },
  })
  await http.listen({ host: '127.0.0.1', port: 0 })
  const address = http.server.address() as { readonly port: number }
  const began = performance.now()
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(address.port, '127.0.0.1', () => socket.write('POST / HTTP/1.1\r\nhost: x\r\n'))
    let text = ''
    socket.on('data', (chunk) => {
      text += String(chunk)
    })
    socket.on('close', () => resolve(text))
  })
  expect(answer).toContain('408')
  // With Node's own interval it would take at least 30 s.
  expect(performance.now() - began).toBeLessThan(20_000)
  await http.close()
})
