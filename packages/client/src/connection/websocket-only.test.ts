import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { websocketOnly } from '../../build/websocket-only.mjs'

const require = createRequire(import.meta.url)

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
