/**
 * A process of misbehaving visitors; ends with its parent. One thread that sends as fast as it can, so that it uses one
 * core at most: the server is measured, not the machine.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { FLOOD_KINDS, type FloodKind } from './flood-kinds.ts'
import { connectRaw, frameOf, type RawVisitor } from './raw-visitor.ts'
import { CUSTOMER } from './setup.ts'

/** `patient`: a device that was cut or refused reconnects when told. `impatient`: at once. */
export type Manner = 'patient' | 'impatient'

export type Flood =
  | {
      readonly kind: 'events'
      readonly event: FloodKind
      readonly sockets: number
      readonly manner: Manner
      /** True: as the customer who has conversations, instead of as new visitors. */
      readonly signedIn: boolean
    }
  /** Opens connections as fast as it can, and keeps trying. */
  | { readonly kind: 'connections'; readonly sockets: number; readonly manner: Manner }
  /** Requests its whole history again and again and reads no answer. */
  | { readonly kind: 'slow consumer'; readonly perSecond: number }

export interface FloodSetup {
  readonly url: string
  readonly address: string
  readonly flood: Flood
}

export interface FloodCounts {
  readonly opened: number
  readonly cut: number
  /** Closed before they were admitted. */
  readonly refused: number
  readonly sent: number
  readonly answered: number
  readonly open: number
  readonly cpuMs: number
}

/** Wait of a device that was refused without an answer. Milliseconds. */
const UNTOLD_MS = 2_000
/** Patient devices reconnect a little later than told, as real ones do. Milliseconds. */
const JITTER_MS = 1_000
/** Frames that one socket sends before the next has its turn. */
const BATCH = 10
/** Unsent bytes beyond which a socket waits: it is to load the server, not its own memory. */
const MOST_UNSENT_BYTES = 64 * 1_024
/**
 * Total that is sent, each connection its share. What the server does not read stays in the sender's kernel, which here is
 * the server's as well: when that is short of memory for TCP, all connections of the machine are slow. This is many times
 * what the server reads of an address.
 */
const MOST_SENT_BYTES = 256 * 2 ** 20
/** Pause when no socket could send. Milliseconds. */
const PAUSE_MS = 5

const { url, address, flood } = JSON.parse(process.argv[2] ?? '{}') as FloodSetup
const counts = { opened: 0, cut: 0, refused: 0, sent: 0, answered: 0, open: 0 }

interface Flooder {
  readonly socket: RawVisitor['socket']
  readonly conversationId: string
  sentBytes: number
}

const flooders = new Set<Flooder>()

/** Connects, and reconnects whenever it is cut or refused. */
function keepConnecting(manner: Manner, signedIn: boolean, token?: string): void {
  let flooder: Flooder | null = null
  let session = token
  let waitMs = UNTOLD_MS
  const begin = (conversationId: string, { socket }: RawVisitor) => {
    flooder = { socket, conversationId, sentBytes: 0 }
    flooders.add(flooder)
    counts.opened += 1
    counts.open += 1
    if (flood.kind === 'events' && counts.opened === flood.sockets) process.send?.('ready')
  }
  connectRaw({
    url,
    address,
    session,
    intent: signedIn ? 'identify' : 'anonymous',
    onReady(conversationId, visitor, issued) {
      if (signedIn) visitor.emit('identity:authenticate', CUSTOMER, 0)
      else {
        // A signed-out session cannot be resumed.
        session = flood.kind === 'events' && flood.event === 'identity:sign-out' ? undefined : issued
        begin(conversationId, visitor)
      }
    },
    onAnswer(id, result, visitor) {
      counts.answered += 1
      if (id !== 0) return
      const { value } = result as { readonly value?: { readonly conversation: { readonly id: string } } }
      if (value !== undefined && flooder === null) begin(value.conversation.id, visitor)
    },
    onWait(retryAfterMs) {
      waitMs = retryAfterMs
    },
    onClose() {
      if (flooder === null) counts.refused += 1
      else {
        flooders.delete(flooder)
        counts.cut += 1
        counts.open -= 1
      }
      const again = () => keepConnecting(manner, signedIn, session)
      if (manner === 'patient') setTimeout(again, waitMs + JITTER_MS * Math.random())
      else setImmediate(again)
    },
  })
}

function sendOn(event: FloodKind, share: number): void {
  const frameFor = FLOOD_KINDS[event]
  let sent = 0
  for (const flooder of flooders)
    for (let n = 0; n < BATCH && flooder.sentBytes < share && isFree(flooder.socket); n += 1) {
      sent += 1
      const frame = frameFor(flooder.conversationId, counts.sent + sent)
      flooder.sentBytes += frame.length
      flooder.socket.send(frame)
    }
  counts.sent += sent
  // A thread that runs without sending gains nothing.
  if (sent > 0) setImmediate(sendOn, event, share)
  else setTimeout(sendOn, PAUSE_MS, event, share)
}

const isFree = (socket: Flooder['socket']): boolean =>
  socket.readyState === socket.OPEN && socket.bufferedAmount < MOST_UNSENT_BYTES

/** Sends 200 messages of 8,000 euro signs, then floods; its unread answers stay in the kernel and the server. */
function readNothing(perSecond: number): void {
  let stored = 0
  let next = 0
  let conversation = ''
  const send = ({ emit }: RawVisitor) =>
    emit(
      'message:send',
      { conversationId: conversation, clientId: crypto.randomUUID(), text: '€'.repeat(8_000) },
      ++next,
    )
  const ask = ({ socket }: RawVisitor) => {
    if (!isFlooding || socket.readyState !== socket.OPEN) return
    socket.send('3')
    for (let n = 0; n < perSecond / 10; n += 1) {
      counts.sent += 1
      socket.send(frameOf('messages:fetch', { conversationId: conversation, limit: 200 }, ++next))
    }
  }
  connectRaw({
    url,
    address,
    onReady(conversationId, visitor) {
      counts.opened += 1
      counts.open += 1
      conversation = conversationId
      send(visitor)
    },
    onAnswer(_, __, visitor) {
      stored += 1
      if (stored < 200) return void setTimeout(send, 110, visitor)
      process.send?.('ready')
      visitor.socket.pause()
      setInterval(ask, 100, visitor)
    },
    onClose() {
      counts.cut += 1
      counts.open -= 1
    },
  })
}

let isFlooding = false
let cpu = process.cpuUsage()

process.on('message', (message) => {
  if (message === 'go') {
    isFlooding = true
    cpu = process.cpuUsage()
    switch (flood.kind) {
      case 'events':
        return sendOn(flood.event, MOST_SENT_BYTES / flood.sockets)
      case 'connections':
        for (let n = 0; n < flood.sockets; n += 1) keepConnecting(flood.manner, false)
        return
      case 'slow consumer':
        return
    }
  } else {
    const { user, system } = process.cpuUsage(cpu)
    process.send?.({ ...counts, cpuMs: (user + system) / 1_000 } satisfies FloodCounts)
  }
})
process.on('disconnect', () => process.exit(0))

switch (flood.kind) {
  case 'events':
    // One after the other, and before counting: simultaneous connections are measured apart.
    for (let n = 0; n < flood.sockets; n += 1) {
      keepConnecting(flood.manner, flood.signedIn)
      await sleep(10)
    }
    break
  case 'connections':
    process.send?.('ready')
    break
  case 'slow consumer':
    readNothing(flood.perSecond)
    break
}
