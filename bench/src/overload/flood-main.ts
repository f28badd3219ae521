/** A process of nothing but misbehaving visitors; ends when its parent does. */
import { setTimeout as sleep } from 'node:timers/promises'
import { FLOOD_KINDS, type FloodKind } from './flood-kinds.ts'
import { connectRaw, frameOf } from './raw-visitor.ts'

export type Flood =
  /** Sends as fast as it may, connects again at once when it is cut. */
  | {
      readonly kind: 'events'
      readonly event: FloodKind
      readonly sockets: number
      readonly perSecond: number
    }
  /** Opens so many connections as fast as it can, and goes on trying. */
  | { readonly kind: 'connections'; readonly sockets: number }
  /** Asks for its whole history again and again and reads no answer. */
  | { readonly kind: 'deaf reader'; readonly perSecond: number }

export interface FloodSetup {
  readonly url: string
  readonly address: string
  readonly flood: Flood
}

export interface FloodCounts {
  readonly opened: number
  readonly cut: number
  readonly sent: number
  readonly answered: number
  readonly open: number
}

const TICK_MS = 20
/** Until a flooder that was cut connects again; so that not all come in the same moment. */
const retryMs = () => 500 + 1_000 * Math.random()
/** Beyond so much unsent a flooder waits: it is to load the server, not its own memory. */
const MOST_UNSENT_BYTES = 256 * 1_024

const { url, address, flood } = JSON.parse(process.argv[2] ?? '{}') as FloodSetup
const counts = { opened: 0, cut: 0, sent: 0, answered: 0, open: 0 }
const onAnswer = () => {
  counts.answered += 1
}

function opened(): void {
  counts.opened += 1
  counts.open += 1
}

/** From the moment on in which others are measured. */
let isFlooding = false

function floodEvents(event: FloodKind, perSecond: number): void {
  let timer: NodeJS.Timeout | undefined
  let isOpen = false
  const { socket } = connectRaw({
    url,
    address,
    onAnswer,
    onReady(conversationId) {
      isOpen = true
      opened()
      if (flood.kind === 'events' && counts.opened === flood.sockets) process.send?.('ready')
      let id = 0
      let due = 0
      timer = setInterval(() => {
        if (!isFlooding) return
        due += (perSecond * TICK_MS) / 1_000
        for (; due >= 1; due -= 1) {
          if (socket.bufferedAmount > MOST_UNSENT_BYTES) {
            due = 0
            return
          }
          id += 1
          counts.sent += 1
          socket.send(FLOOD_KINDS[event](conversationId, id))
        }
      }, TICK_MS)
    },
    onClose() {
      clearInterval(timer)
      counts.cut += 1
      if (isOpen) counts.open -= 1
      setTimeout(() => floodEvents(event, perSecond), retryMs())
    },
  })
}

function keepConnecting(): void {
  let isOpen = false
  connectRaw({
    url,
    address,
    onReady() {
      isOpen = true
      opened()
    },
    onClose() {
      counts.cut += 1
      if (isOpen) counts.open -= 1
      setTimeout(keepConnecting, retryMs())
    },
  })
}

/** 200 messages of 8,000 euro signs, then the flood; what it would read stays in the kernel and the server. */
function beDeaf(perSecond: number): void {
  let stored = 0
  let next = 0
  const visitor = connectRaw({
    url,
    address,
    onReady(conversationId, { emit }) {
      opened()
      const text = '€'.repeat(8_000)
      const send = () => emit('message:send', { conversationId, clientId: crypto.randomUUID(), text }, ++next)
      send()
      const onStored = () => {
        stored += 1
        if (stored < 200) return void setTimeout(send, 110)
        process.send?.('ready')
        const { socket } = visitor
        socket.pause()
        setInterval(() => {
          if (socket.readyState !== socket.OPEN) return
          socket.send('3')
          for (let n = 0; n < perSecond / 10; n += 1) {
            counts.sent += 1
            socket.send(frameOf('messages:fetch', { conversationId, limit: 200 }, ++next))
          }
        }, 100)
      }
      store = onStored
    },
    onAnswer: () => store(),
    onClose() {
      counts.cut += 1
      counts.open -= 1
    },
  })
  let store = () => {}
}

process.on('message', (message) => {
  if (message === 'go') isFlooding = true
  else process.send?.({ ...counts } satisfies FloodCounts)
})
process.on('disconnect', () => process.exit(0))

switch (flood.kind) {
  case 'events':
    // One after the other: how many may connect at once is measured apart.
    for (let n = 0; n < flood.sockets; n += 1) {
      floodEvents(flood.event, flood.perSecond)
      await sleep(10)
    }
    break
  case 'connections':
    for (let n = 0; n < flood.sockets; n += 1) keepConnecting()
    process.send?.('ready')
    break
  case 'deaf reader':
    beDeaf(flood.perSecond)
    break
}
