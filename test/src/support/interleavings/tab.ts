/** One tab at the protocol level; it reports every event to the model, in order of arrival. */
import {
  type Conversation,
  type Message,
  PROTOCOL_VERSION,
  type Ready,
  type Result,
  VISITOR_NAMESPACE,
  type WireError,
  type WireIdentity,
} from '@chat-widget/protocol'
import { io, type Socket } from 'socket.io-client'
import type { Model, Principal, Secret } from './model.ts'

/** Generous: fifty scenarios share two cores. */
const ANSWER_MS = 60_000

export function principalOf(identity: WireIdentity): Principal | null {
  switch (identity.status) {
    case 'unidentified':
      return null
    case 'anonymous':
      return `visitor:${identity.visitorId}`
    case 'identified':
      return `user:${identity.userIdentifier}`
    default:
      return identity satisfies never
  }
}

export class Tab {
  readonly #socket: Socket
  readonly #model: Model
  readonly #waiting = new Set<() => void>()
  readonly name: string
  readonly gone: Promise<void>
  /** By the last answer. `null`: not identified, or no longer. */
  principal: Principal | null
  secret: Secret | null
  conversationId: string | null = null
  signingOut = false
  isGone = false
  /** True if the connection broke without a word of the server. */
  isLost = false
  /** Identities that pending sign-ins would give it. */
  readonly becoming: Principal[] = []
  /** Pending forgeries; each may end a user's session. */
  forging = 0

  constructor(
    url: string,
    model: Model,
    name: string,
    intent: 'anonymous' | 'identify',
    secret: Secret | null,
  ) {
    this.#model = model
    this.name = name
    this.secret = secret
    this.principal = secret?.principal ?? null
    const session = secret === null ? {} : { session: secret.token }
    this.#socket = io(url + VISITOR_NAMESPACE, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { protocolVersion: PROTOCOL_VERSION, app: 'shop', intent, ...session },
    })
    this.#socket.on('message', (message: Message) => {
      model.reads(this.#couldBe(), message, `${name} was told`)
    })
    this.#socket.on('conversation', (conversation: Conversation) => this.shows(conversation, this.#couldBe()))
    this.gone = new Promise((resolve) => {
      this.#socket.once('disconnect', (reason) => {
        this.isGone = true
        this.isLost = reason !== 'io server disconnect' && reason !== 'io client disconnect'
        model.story.push(`${name} is cut: ${reason}`)
        for (const giveUp of [...this.#waiting]) giveUp()
        resolve()
      })
    })
  }

  /** Resolves with `null` once `ready`, else with the reason. The model is told at that moment. */
  connected(told: (ready: Ready) => void): Promise<WireError | 'cut' | null> {
    return new Promise((resolve) => {
      this.#socket.once('ready', (ready: Ready) => {
        this.#model.story.push(`${this.name} is ready: ${JSON.stringify(ready.identity)}`)
        told(ready)
        resolve(null)
      })
      this.#socket.once('connect_error', (error: Error & { data?: WireError }) => {
        this.isGone = true
        this.#socket.disconnect()
        if (error.data === undefined) this.#model.broken(`${this.name} could not connect: ${error.message}`)
        resolve(error.data ?? 'cut')
      })
      void this.gone.then(() => resolve('cut'))
    })
  }

  /** Calls `answered` as the answer arrives, before any later event; with `null` if none can come. */
  ask<Value>(
    event: string,
    payload: object,
    answered: (result: Result<Value> | null) => void,
  ): Promise<void> {
    return new Promise((resolve) => {
      let open = true
      const settle = (result: Result<Value> | null) => {
        if (!open) return
        open = false
        clearTimeout(late)
        this.#waiting.delete(giveUp)
        if (result?.ok === false && result.error.code === 'internal') {
          this.#model.broken(`${this.name}: ${event} was answered internal`)
        }
        this.#model.story.push(`${this.name} ${event}: ${outcomeOf(result)}`)
        answered(result)
        resolve()
      }
      const giveUp = () => settle(null)
      const late = setTimeout(() => {
        this.#model.broken(`${this.name}: ${event} was not answered`)
        settle(null)
      }, ANSWER_MS)
      this.#waiting.add(giveUp)
      if (this.isGone) return giveUp()
      this.#model.story.push(`${this.name} ${event} …`)
      this.#socket.emit(event, payload, settle)
    })
  }

  /** Identities that the server may see when it handles a request sent now. Empty: it must be refused. */
  actsFor(): readonly Principal[] {
    return this.signingOut || this.secret?.state === 'ended' ? [] : this.#couldBe()
  }

  #couldBe(): readonly Principal[] {
    const now = this.principal === null ? [] : [this.principal]
    return [...new Set([...now, ...this.becoming])]
  }

  shows(conversation: Conversation, readers: readonly Principal[]): void {
    this.conversationId = conversation.id
    this.#model.conversations.add(conversation.id)
    if (conversation.headSeq > 0) this.#model.sees(readers, conversation.id)
  }

  close(): void {
    this.isGone = true
    this.#socket.disconnect()
  }
}

function outcomeOf(result: Result<unknown> | null): string {
  if (result === null) return 'no answer'
  return result.ok ? JSON.stringify(result.value) : result.error.code
}
