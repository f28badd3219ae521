import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as text from '../../build/text-packets.mjs'
import { websocketOnly } from '../../build/websocket-only.mjs'

const require = createRequire(import.meta.url)
/** The parser that ours replaces is a dependency of the library, not of ours. */
const engine = createRequire(require.resolve('engine.io-client'))('engine.io-parser')

describe('text packets', () => {
  const type = fc.constantFrom('open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop')
  const data = fc.string({ minLength: 1, unit: 'binary' }).filter((value) => !value.includes('\x1e'))
  const one = fc.oneof(fc.record({ type }), fc.record({ type, data }))

  it('are what engine.io-parser writes and reads, one by one and many at a time', () => {
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 4 }), (packets) => {
        const encode = (parser: typeof text) => {
          const encoded: string[] = []
          for (const each of packets) parser.encodePacket(each, true, (result) => encoded.push(result))
          parser.encodePayload(packets, (result) => encoded.push(result))
          return encoded
        }
        const encoded = encode(text)
        expect(encoded).toEqual(encode(engine))
        const payload = encoded.pop() ?? ''
        expect(encoded.map(text.decodePacket)).toEqual(encoded.map(engine.decodePacket))
        expect(text.decodePayload(payload)).toEqual(engine.decodePayload(payload))
      }),
    )
  })

  it.each(['', 'x', '9'])('%s is an error, as with engine.io-parser', (encoded) => {
    expect(text.decodePacket(encoded)).toEqual(engine.decodePacket(encoded))
  })
})

describe('the build', () => {
  it.each([
    ['https://chat.example.com', ['https', 'chat.example.com', '']],
    ['http://127.0.0.1:8080', ['http', '127.0.0.1', '8080']],
    ['http://[::1]:8080', ['http', '::1', '8080']],
    ['localhost:8080', ['', 'localhost', '8080']],
    ['chat.example.com/', ['', 'chat.example.com', '']],
  ])('takes the address %s apart as engine.io-client does', async (address, expected) => {
    const file = require.resolve('engine.io-client').replace(/build.*/, 'build/esm/contrib/parseuri.js')
    const original = await readFile(file, 'utf8')
    const { code } = websocketOnly().transform(original, file) ?? { code: '' }
    for (const source of [original, code]) {
      const { parse } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)
      const { protocol, host, port } = parse(address)
      expect([protocol, host, port]).toEqual(expected)
    }
  })

  it('stops when a module is not what it was', () => {
    const path = '/node_modules/engine.io-client/build/esm/contrib/parseuri.js'
    expect(() => websocketOnly().transform('export {}', path)).toThrow('has changed')
  })

  it('stops when an expression is gone that a rule knows the value of', () => {
    const parse = () => ({ type: 'Program', body: [] })
    const cut = () =>
      websocketOnly().transform.call(
        { parse },
        '',
        '/node_modules/engine.io-client/build/esm/transports/websocket.js',
      )
    expect(cut).toThrow('engine.io-client/transports/websocket.js has changed: it has no `isReactNative`')
  })

  it('stops when a module is gone that a rule is about', () => {
    const plugin = websocketOnly()
    plugin.transform('', '/node_modules/engine.io-client/build/esm/index.js')
    expect(() => plugin.buildEnd()).toThrow('engine.io-client/socket.js')
    expect(() => websocketOnly().buildEnd()).not.toThrow()
  })
})
