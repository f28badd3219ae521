/** One visitor's socket as the handlers of its requests know it: connection, rates, logins. */
import type { IncomingMessage } from 'node:http'
import type { AppId } from '@chat-widget/protocol'
import { createTokenBucket, type TokenBucket } from '../limits/token-bucket.ts'
import type { Language } from '../text/language.ts'
import { inTurn, type Limit, paced } from './requests.ts'
import type { VisitorSocket } from './socket-server.ts'
import type { Tuning } from './tuning.ts'
import type { VisitorConnection } from './visitor-connection.ts'
import type { AdmittedVisitor } from './visitor-handshake.ts'
import { createVisitorLogins, type VisitorLogins } from './visitor-logins.ts'
import type { VisitorServices } from './visitor-services.ts'

type RateName = 'visitorRate' | 'sendRate' | 'authenticateRate' | 'uploadRate' | 'traceRate' | 'chatLoginRate'

export interface VisitorDeviceOptions {
  readonly socket: VisitorSocket
  /** The app's present configuration. */
  readonly config: AdmittedVisitor['app']
  readonly app: AppId
  readonly connection: VisitorConnection
  /** The chat's, or the browser's; `undefined`: not known. */
  readonly language: Language | undefined
  readonly services: VisitorServices
}

/** A part that most devices never need is made when it is first used: there are many idle devices. */
export class VisitorDevice {
  readonly app: AppId
  readonly connection: VisitorConnection
  readonly language: Language | undefined
  readonly #config: VisitorDeviceOptions['config']
  readonly #socket: VisitorSocket
  readonly #services: VisitorServices
  readonly #buckets: Partial<Record<RateName, TokenBucket>> = {}
  #shared: (() => Promise<number>) | null = null
  #readings: (() => number | Promise<number>) | null = null
  #logins: VisitorLogins | null = null

  constructor({ socket, config, app, connection, language, services }: VisitorDeviceOptions) {
    this.app = app
    this.connection = connection
    this.language = language
    this.#config = config
    this.#socket = socket
    this.#services = services
  }

  get request(): IncomingMessage {
    return this.#socket.request
  }

  take(name: RateName): number {
    const { tuning, now } = this.#services
    this.#buckets[name] ??= createTokenBucket(tuning[name], now)
    return this.#buckets[name].take()
  }

  /** Counts a request of the visitor and of the address; one after the other, so that they keep their order ([DL4]). */
  takeShared(): Promise<number> {
    this.#shared ??= inTurn(() =>
      this.#services.addresses.request(this.connection.visitorId ?? this.#socket.id, this.request),
    )
    return this.#shared()
  }

  /** Delays a list or history that exceeds the pace. */
  takeReading(): number | Promise<number> {
    this.#readings ??= paced(this.#services.tuning.readingPace, this.connection.gone)
    return this.#readings()
  }

  get logins(): VisitorLogins {
    this.#logins ??= createVisitorLogins({
      socket: this.#socket,
      app: this.#config,
      visitor: () => this.connection.visitorId,
      conversation: () => this.connection.heldConversation(),
      services: this.#services,
    })
    return this.#logins
  }

  /** Called when the socket is closed. */
  close(): void {
    this.connection.close()
    this.#logins?.close()
  }
}

/** The limit of a rate of `Tuning`. */
export const rated =
  (name: RateName & keyof Tuning): Limit<VisitorDevice> =>
  (device) =>
    device.take(name)
