/** A Socket.IO client for tests: requests by promise, and keeps the events it received. */
import { randomUUID } from 'node:crypto'
import {
  AGENT_NAMESPACE,
  type AgentReady,
  type ClientMessageId,
  type ConversationId,
  type Message,
  PROTOCOL_VERSION,
  type Ready,
  type Result,
  VISITOR_NAMESPACE,
  type WireError,
} from '@chat-widget/protocol'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { expect, vi } from 'vitest'

type Options = Partial<ManagerOptions & SocketOptions>

export const newClientId = () => randomUUID() as string as ClientMessageId

/** The error of a refused handshake. */
export class Refused extends Error {
  readonly data: WireError | undefined
  constructor(message: string, data: WireError | undefined) {
    super(message)
    this.data = data
  }
}

export interface Told {
  readonly event: string
  readonly payload: unknown
}

export class TestDevice {
  readonly socket: Socket
  readonly told: Told[] = []
  disconnected: string | null = null

  constructor(socket: Socket) {
    this.socket = socket
    socket.onAny((event: string, payload: unknown) => this.told.push({ event, payload }))
    socket.on('disconnect', (reason) => {
      this.disconnected = reason
    })
  }

  request<Value>(event: string, payload: unknown): Promise<Result<Value>> {
    return this.socket.timeout(10_000).emitWithAck(event, payload) as Promise<Result<Value>>
  }

  /** Resolves with the value of a request that must succeed. */
  async ask<Value>(event: string, payload: unknown): Promise<Value> {
    const result = await this.request<Value>(event, payload)
    if (!result.ok) throw new Error(`${event} was answered ${result.error.code}: ${result.error.message}`)
    return result.value
  }

  /** Resolves with the error of a request that must be refused. */
  async refusal(event: string, payload: unknown): Promise<WireError> {
    const result = await this.request(event, payload)
    if (result.ok) throw new Error(`${event} was not refused`)
    return result.error
  }

  send(conversationId: ConversationId, text: string, clientId = newClientId()): Promise<Message> {
    return this.ask('message:send', { conversationId, clientId, text })
  }

  all<Payload>(event: string): Payload[] {
    return this.told.filter((one) => one.event === event).map((one) => one.payload as Payload)
  }

  /** Waits for the first event that fits, also among earlier ones. */
  heard<Payload>(event: string, fits: (payload: Payload) => boolean = () => true): Promise<Payload> {
    return vi.waitFor(
      () => {
        const found = this.told.find((one) => one.event === event && fits(one.payload as Payload))
        if (found === undefined) throw new Error(`not told ${event}; told: ${JSON.stringify(this.told)}`)
        return found.payload as Payload
      },
      { interval: 10 },
    )
  }

  message(fits: (message: Message) => boolean): Promise<Message> {
    return this.heard<Message>('message', fits)
  }

  async gone(): Promise<void> {
    await expect.poll(() => this.disconnected).not.toBeNull()
  }

  close(): void {
    this.socket.close()
  }
}

async function open<R>(
  url: string,
  auth: object,
  options: Options,
): Promise<{ device: TestDevice; ready: R }> {
  const socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth,
    ...options,
  })
  const device = new TestDevice(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('ready', () => resolve())
    socket.once('connect_error', (error: Error & { data?: WireError }) => {
      socket.close()
      reject(new Refused(error.message, error.data))
    })
  })
  return { device, ready: device.all<R>('ready')[0] as R }
}

export type VisitorAuth = Readonly<Record<string, unknown>>

export async function openVisitor(
  url: string,
  auth: VisitorAuth = {},
  options: Options = {},
): Promise<{ device: TestDevice; ready: Ready }> {
  const handshake = { protocolVersion: PROTOCOL_VERSION, app: 'shop', intent: 'anonymous', ...auth }
  return open<Ready>(url + VISITOR_NAMESPACE, handshake, options)
}

export async function openAgent(
  url: string,
  cookie: string | undefined,
  options: Options & { readonly origin?: string } = {},
): Promise<{ device: TestDevice; ready: AgentReady }> {
  const extraHeaders = {
    ...(cookie === undefined ? {} : { cookie }),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
  }
  return open<AgentReady>(
    url + AGENT_NAMESPACE,
    { protocolVersion: PROTOCOL_VERSION },
    { extraHeaders, ...options },
  )
}
