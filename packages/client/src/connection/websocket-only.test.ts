import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as json from '../../build/json-packets.mjs'
import { Emitter } from '../../build/lean-emitter.mjs'
import * as text from '../../build/text-packets.mjs'
import { websocketOnly } from '../../build/websocket-only.mjs'

/** The parsers that ours replace are dependencies of the libraries, not of ours. */
const require = createRequire(import.meta.url)
const io = createRequire(require.resolve('socket.io-client'))('socket.io-parser')
const engine = createRequire(require.resolve('engine.io-client'))('engine.io-parser')
const emitter = createRequire(require.resolve('socket.io-client'))('@socket.io/component-emitter')

const namespace = fc.constantFrom('/', '/visitor', '/agent')
const id = fc.option(fc.nat(), { nil: undefined })
const args = fc.array(fc.jsonValue(), { maxLength: 3 })
const details = fc.dictionary(fc.string(), fc.jsonValue())
const packet = fc.oneof(
  fc.record({ type: fc.constant(0), nsp: namespace, data: fc.option(details, { nil: undefined }) }),
  fc.record({ type: fc.constant(1), nsp: namespace }),
  fc.record({ type: fc.constant(2), nsp: namespace, id, data: args.map((rest) => ['event', ...rest]) }),
  fc.record({ type: fc.constant(3), nsp: namespace, id: fc.nat(), data: args }),
  fc.record({ type: fc.constant(4), nsp: namespace, data: details }),
)

function decode(Decoder: typeof json.Decoder, encoded: string): unknown {
  const decoded: unknown[] = []
  const decoder = new Decoder()
  decoder.on('decoded', (one) => decoded.push(one))
  decoder.add(encoded)
  return decoded
}

describe('JSON packets', () => {
  it('are what socket.io-parser writes and reads', () => {
    fc.assert(
      fc.property(packet, (one) => {
        const encoded: string[] = new io.Encoder().encode(one)
        expect(new json.Encoder().encode(one)).toEqual(encoded)
        const [first = ''] = encoded
        expect(decode(json.Decoder, first)).toEqual(decode(io.Decoder, first))
      }),
    )
  })

  it.each(['', '9', 'x', '51-["binary",{}]', '2', '2{}', '2["cut', '3/visitor,1{}'])(
    '%s is none',
    (encoded) => {
      expect(() => decode(json.Decoder, encoded)).toThrow()
    },
  )
})

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

describe('events', () => {
  const event = fc.constantFrom('open', 'close')
  const listener = fc.nat({ max: 2 })
  const step = fc.oneof(
    fc.record({ call: fc.constantFrom('on' as const, 'once' as const), event, listener }),
    fc.record({ call: fc.constant('off' as const), event: fc.option(event), listener: fc.option(listener) }),
    fc.record({ call: fc.constant('emit' as const), event }),
  )
  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

  /** Calls of listeners; each is subscribed to an event once at a time, as socket.io-client does. */
  function play(make: () => Emitter, steps: readonly Step[]): string[] {
    const heard: string[] = []
    const subscribed = new Set<string>()
    const subject = make()
    const listeners = [0, 1, 2].map(
      (name) =>
        (...details: unknown[]) =>
          void heard.push(`${name} ${details}`),
    )
    for (const one of steps) {
      if (one.call === 'emit') subject.emit(one.event, one.event, heard.length)
      else if (one.call === 'off') {
        const { event, listener } = one
        if (event === null) subject.off()
        else if (listener === null) subject.off(event)
        else subject.off(event, listeners[listener])
        subscribed.clear()
      } else if (!subscribed.has(`${one.event} ${one.listener}`)) {
        subscribed.add(`${one.event} ${one.listener}`)
        const listener = listeners[one.listener] as () => void
        // Ours cannot remove a listener of `once`, which nobody does.
        if (one.call === 'once')
          subject.once(one.event, (...details: unknown[]) => listener(...(details as [])))
        else subject.off(one.event, listener).on(one.event, listener)
      }
    }
    return heard
  }

  it('are told as by @socket.io/component-emitter', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        expect(play(() => new Emitter(), steps)).toEqual(play(() => new emitter.Emitter(), steps))
      }),
    )
  })

  it('reach those who were subscribed when it happened, and no one after', () => {
    for (const subject of [new Emitter(), new emitter.Emitter() as Emitter]) {
      const heard: string[] = []
      subject.on('open', () => {
        heard.push('first')
        subject.off('open')
      })
      subject.on('open', () => heard.push('second'))
      subject.emit('open').emit('open')
      expect(heard).toEqual(['first', 'second'])
    }
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

  it.each(['socket.io-parser/build/esm/index.js', 'engine.io-client/build/esm/contrib/parseuri.js'])(
    'stops when %s is not what it was',
    (path) => {
      expect(() => websocketOnly().transform('export {}', `/node_modules/${path}`)).toThrow('has changed')
    },
  )

  it('stops when an expression is gone that a rule knows the value of', () => {
    const parse = () => ({ type: 'Program', body: [] })
    const cut = () =>
      websocketOnly().transform.call({ parse }, '', '/node_modules/engine.io-client/build/esm/util.js')
    expect(cut).toThrow('engine.io-client/util.js has changed: it has no `opts.useNativeTimers`')
  })

  it('stops when a module is gone that a rule is about', () => {
    const plugin = websocketOnly()
    plugin.transform('', '/node_modules/engine.io-client/build/esm/index.js')
    expect(() => plugin.buildEnd()).toThrow('socket.io-parser/index.js')
    expect(() => websocketOnly().buildEnd()).not.toThrow()
  })
})
