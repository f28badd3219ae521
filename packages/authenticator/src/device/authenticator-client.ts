/** The device's client: connects key, store, connection and requests, which do not know each other. */
import {
  Connection,
  createEmitter,
  createFullJitterPolicy,
  createServerClock,
  type ReconnectPolicy,
  type RequestOf,
  type ValueOf,
} from '@chat-widget/client/parts'
import {
  type AppId,
  AUTHENTICATOR_NAMESPACE,
  type AuthenticationRequestId,
  type AuthenticatorToServerEvents,
  type Challenge,
  ChatError,
  type DescribedApp,
  type DeviceId,
  type DeviceInvitation,
  type ErrorCode,
  PROTOCOL_VERSION,
  type ServerToAuthenticatorEvents,
} from '@chat-widget/protocol'
import { type AddDevice, addDevice, stored } from './add-device.ts'
import { answerClaims } from './answer-claims.ts'
import type { AuthenticatorClientApi } from './authenticator-client-api.ts'
import { type DeviceConnection, whenTried } from './device-connection.ts'
import { createDeviceKeys, proveNewKey, signAnswer } from './device-keys.ts'
import type { DeviceState, PersonAnswer } from './device-state.ts'
import type { DeviceRecord, DeviceStore } from './device-store.ts'
import { IncomingRequests } from './incoming-requests.ts'
import { type InternalState, stateOf } from './internal-state.ts'
import { proveDevice } from './prove-device.ts'

export interface AuthenticatorClientOptions {
  /** The server's address. Its origin is the page's. */
  readonly server: string
  readonly store: DeviceStore
  /** Default: Socket.IO. */
  readonly connection?: DeviceConnection
  /** Waits between retries. Default: full jitter, 500 ms doubling up to 20 s. */
  readonly policy?: ReconnectPolicy
}

/** Errors after which the server may have performed the request, or not. */
const UNSURE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['server-unreachable', 'storage-unavailable'])

export class AuthenticatorClient implements AuthenticatorClientApi {
  readonly #store: DeviceStore
  readonly #connection: DeviceConnection
  readonly #policy: ReconnectPolicy
  readonly #clock = createServerClock()
  readonly #events = createEmitter<{ change: DeviceState }>()
  readonly #requests = new IncomingRequests({
    now: () => this.#clock.now(),
    changed: () => this.#changed(),
  })
  #internal: InternalState = { kind: 'starting' }
  /** Nonce of the current connection; each connection has its own. */
  #nonce: string | null = null
  #isLive = false
  #newCodes: readonly string[] | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #unsubscribe: () => void = () => {}

  constructor(options: AuthenticatorClientOptions) {
    const { server, store, policy = createFullJitterPolicy() } = options
    this.#store = store
    this.#policy = policy
    this.#connection =
      options.connection ??
      new Connection<ServerToAuthenticatorEvents, AuthenticatorToServerEvents>({
        server,
        namespace: AUTHENTICATOR_NAMESPACE,
        handshake: () => ({ protocolVersion: PROTOCOL_VERSION }),
        readyEvent: 'challenge' satisfies keyof ServerToAuthenticatorEvents,
        policy,
      })
    this.#listen()
  }

  getState(): DeviceState {
    return stateOf(this.#internal, {
      connection: this.#connection.state,
      isLive: this.#isLive,
      requests: this.#requests.views,
      newCodes: this.#newCodes,
    })
  }

  onChange(listener: (state: DeviceState) => void): () => void {
    return this.#events.on('change', listener)
  }

  now(): number {
    return this.#clock.now()
  }

  async start(): Promise<void> {
    if (!globalThis.isSecureContext) return this.#setInternal({ kind: 'unable', reason: 'insecure' })
    try {
      const record = await this.#store.read()
      this.#setInternal(record === undefined ? { kind: 'new' } : { kind: 'device', record, account: null })
      this.#connection.start()
    } catch {
      this.#setInternal({ kind: 'unable', reason: 'storage' })
    }
  }

  async enroll(name: string): Promise<void> {
    await this.#addDevice('enroll', (device) => this.#request('device:enroll', { ...device, name }))
  }

  async join(code: string, name: string): Promise<void> {
    await this.#addDevice('join', (device) => this.#request('device:join', { ...device, name, code }))
  }

  async recover(identifier: string, code: string, name: string): Promise<void> {
    await this.#addDevice('recover', (device) =>
      this.#request('device:recover', { ...device, name, identifier, code }),
    )
  }

  async answer(id: AuthenticationRequestId, answer: PersonAnswer): Promise<void> {
    const internal = this.#internal
    if (internal.kind !== 'device') return
    const request = this.#requests.begin(id, answer)
    if (request === null) return
    const claims = answerClaims(internal.record, request, answer, this.#clock.now())
    const signed = await signAnswer(internal.record.keys, claims).catch(() => null)
    if (signed === null) return this.#requests.failed(id, 'internal')
    const code = answer.decision === 'approved' ? answer.code : undefined
    const reply = await this.#connection.request('request:answer', {
      requestId: id,
      answer: signed,
      ...(code === undefined ? {} : { code }),
    })
    if (reply.ok) this.#requests.finish(id, reply.value)
    else this.#requests.failed(id, reply.error.code)
  }

  dismiss(id: AuthenticationRequestId): void {
    this.#requests.dismiss(id)
  }

  describeApp(app: AppId, callback: string | null): Promise<DescribedApp> {
    return this.#request('app:describe', { app, ...(callback === null ? {} : { callback }) })
  }

  async connectApp(app: AppId): Promise<void> {
    await this.#request('app:connect', { app })
  }

  async disconnectApp(app: AppId): Promise<void> {
    await this.#request('app:disconnect', { app })
  }

  async unmuteApp(app: AppId): Promise<void> {
    await this.#request('app:unmute', { app })
  }

  async openRequest(id: AuthenticationRequestId): Promise<void> {
    await this.#request('request:open', { requestId: id })
  }

  invite(): Promise<DeviceInvitation> {
    return this.#request('device:invite', {})
  }

  async removeDevice(deviceId: DeviceId): Promise<void> {
    await this.#request('device:remove', { deviceId })
    if (this.#internal.kind === 'device' && this.#internal.record.deviceId === deviceId) this.#removed()
  }

  async rotateKey(): Promise<void> {
    const internal = this.#internal
    if (internal.kind !== 'device') return
    // Another tab may have changed the key: which one is valid is known only once it was proved.
    if (!this.#isLive) throw new ChatError('server-unreachable', 'not connected')
    const nonce = await this.#challenge()
    // Keys of an unconfirmed change are used again: the server may know them.
    const { nextKeys = await createDeviceKeys(), ...record } = internal.record
    // Stored before the server gets them: whichever of the two it knows after a crash is still here.
    await this.#keep({ ...record, nextKeys })
    const proved = await proveNewKey(nextKeys, { nonce, purpose: 'rotate' }, record.deviceId)
    await this.#request('device:rotate', proved).catch((error: unknown) => this.#doubt(error))
    await this.#keep({ ...record, keys: nextKeys })
  }

  async renewCodes(): Promise<void> {
    // Without a connection, the earlier codes stay valid.
    if (!this.#isLive) throw new ChatError('server-unreachable', 'not connected')
    // Stored before the server is asked: if its answer is lost, the earlier codes are void.
    const before = await this.#markCodes(true)
    const { recoveryCodes } = await this.#request('recovery:renew', {}).catch(async (error: unknown) => {
      if (!isUnsure(error)) await this.#markCodes(before)
      return this.#doubt(error)
    })
    this.#newCodes = recoveryCodes
    this.#changed()
  }

  async codesSaved(): Promise<void> {
    this.#newCodes = null
    await this.#markCodes(false)
  }

  async startOver(): Promise<void> {
    const internal = this.#internal
    if (internal.kind !== 'removed') return
    try {
      // Another tab may have started over first.
      const record = await this.#store.read()
      if (record?.deviceId === internal.record.deviceId) await this.#store.clear()
      this.#setInternal({ kind: 'new' })
      this.#connection.start()
    } catch {
      this.#setInternal({ kind: 'unable', reason: 'storage' })
    }
  }

  /** Stops for good. */
  close(): void {
    this.#unsubscribe()
    clearTimeout(this.#retry)
    this.#requests.clear()
    this.#connection.close()
    this.#events.clear()
  }

  #listen(): void {
    this.#unsubscribe = this.#store.onChange(() => void this.#storeChanged())
    this.#connection.on('state', (state) => {
      if (state.status !== 'connected') this.#lost()
      this.#changed()
    })
    this.#connection.onEvent('challenge', (challenge) => void this.#challenged(challenge))
    this.#connection.onEvent('state', (account) => {
      if (this.#internal.kind === 'device') this.#setInternal({ ...this.#internal, account })
    })
    this.#connection.onEvent('requests', (requests) => this.#requests.replace(requests))
    this.#connection.onEvent('request', (request) => this.#requests.put(request))
    this.#connection.onEvent('request:ended', ({ id, status }) => this.#requests.ended(id, status))
    this.#connection.onEvent('device:removed', () => this.#removed())
  }

  #lost(): void {
    this.#nonce = null
    this.#isLive = false
    clearTimeout(this.#retry)
  }

  async #challenged({ nonce, serverTime }: Challenge): Promise<void> {
    this.#clock.set(serverTime)
    this.#nonce = nonce
    // Read anew each time: another tab may have changed the key, or set up the device.
    const kept = () => (this.#internal.kind === 'device' ? this.#internal.record : undefined)
    const record = await this.#store.read().catch(kept)
    if (this.#nonce !== nonce || this.#internal.kind === 'enrolling') return
    const before = this.#internal
    const isSame = before.kind === 'device' && before.record.deviceId === record?.deviceId
    if (!isSame) this.#forget()
    if (record === undefined) return this.#setInternal({ kind: 'new' })
    this.#setInternal({ kind: 'device', record, account: isSame ? before.account : null })
    await this.#prove(record, nonce, 1)
  }

  async #prove(record: DeviceRecord, nonce: string, attempt: number): Promise<void> {
    const outcome = await proveDevice(this.#connection, record, nonce)
    // If this cannot be stored, it is found out again after the next connect.
    if (outcome.kind === 'proved' && outcome.record !== record)
      await this.#store.write(outcome.record).catch(() => {})
    if (this.#nonce !== nonce || this.#internal.kind !== 'device') return
    switch (outcome.kind) {
      case 'proved':
        this.#isLive = true
        return this.#setInternal({ kind: 'device', record: outcome.record, account: outcome.account })
      case 'unknown':
        return this.#removed()
      case 'unsure':
        this.#retry = setTimeout(
          () => void this.#prove(record, nonce, attempt + 1),
          this.#policy.nextDelayMs(attempt),
        )
        return
      default:
        outcome satisfies never
    }
  }

  async #addDevice(purpose: AddDevice['purpose'], add: AddDevice['add']): Promise<void> {
    if (this.#internal.kind !== 'new') throw new ChatError('conflict', 'there is a device here already')
    this.#setInternal({ kind: 'enrolling' })
    try {
      const added = await addDevice({ store: this.#store, purpose, challenge: () => this.#challenge(), add })
      if (added.kind === 'there') return await this.#follow(added.record)
      const { record, account, recoveryCodes, nonce } = added
      this.#newCodes = recoveryCodes
      this.#isLive = this.#nonce === nonce
      this.#setInternal({ kind: 'device', record, account })
      // Reconnected meanwhile: on the new connection the server does not know this device yet.
      if (this.#nonce !== null && this.#nonce !== nonce) void this.#prove(record, this.#nonce, 1)
    } catch (error) {
      this.#forget()
      this.#setInternal({ kind: 'new' })
      this.#doubt(error)
    }
  }

  /** Uses the device that another of this browser's tabs set up. */
  async #follow(record: DeviceRecord): Promise<void> {
    this.#forget()
    this.#setInternal({ kind: 'device', record, account: null })
    // A connection belongs to one device for good, and this one may have been another's.
    if (this.#isLive || this.#connection.state.status !== 'connected') return this.#reconnect()
    if (this.#nonce !== null) await this.#prove(record, this.#nonce, 1)
  }

  async #storeChanged(): Promise<void> {
    const record = await this.#store.read().catch(() => null)
    const internal = this.#internal
    if (record === null || internal.kind === 'starting' || internal.kind === 'enrolling') return
    const own = internal.kind === 'device' || internal.kind === 'removed' ? internal.record.deviceId : null
    if (record === undefined) {
      if (internal.kind === 'device') this.#reconnect()
    } else if (record.deviceId !== own) await this.#follow(record)
    else if (internal.kind === 'device') this.#setInternal({ ...internal, record })
  }

  #reconnect(): void {
    this.#connection.stop()
    this.#connection.start()
  }

  /** Resolves with the nonce to sign, waiting for a connection that is being made; rejects while there is none. */
  async #challenge(): Promise<string> {
    await whenTried(this.#connection)
    if (this.#nonce === null) throw new ChatError('server-unreachable', 'not connected')
    return this.#nonce
  }

  async #keep(record: DeviceRecord): Promise<void> {
    if (this.#internal.kind === 'device') this.#setInternal({ ...this.#internal, record })
    await stored(this.#store.write(record))
  }

  /** Resolves with the mark before. */
  async #markCodes(isUnsaved: boolean): Promise<boolean> {
    if (this.#internal.kind !== 'device') return false
    const { codesUnsaved, ...record } = this.#internal.record
    await this.#keep(isUnsaved ? { ...record, codesUnsaved: true } : record)
    return codesUnsaved === true
  }

  /** Throws the error. If the outcome is unknown, reconnects to find out, as a connection belongs to one device. */
  #doubt(error: unknown): never {
    if (isUnsure(error) && this.#connection.state.status === 'connected') this.#reconnect()
    throw error
  }

  /** Clears the state of the former device. */
  #forget(): void {
    this.#requests.clear()
    this.#newCodes = null
  }

  /** Keeps the key until the person starts over: the server may have forgotten it by mistake. */
  #removed(): void {
    if (this.#internal.kind !== 'device') return
    const { record } = this.#internal
    this.#forget()
    this.#connection.stop()
    this.#setInternal({ kind: 'removed', record })
  }

  async #request<Name extends keyof AuthenticatorToServerEvents & string>(
    name: Name,
    payload: RequestOf<AuthenticatorToServerEvents, Name>,
  ): Promise<ValueOf<AuthenticatorToServerEvents, Name>> {
    const reply = await this.#connection.request(name, payload)
    if (reply.ok) return reply.value
    const { code, message, retryAfterMs } = reply.error
    throw new ChatError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs })
  }

  #setInternal(internal: InternalState): void {
    this.#internal = internal
    this.#changed()
  }

  #changed(): void {
    this.#events.emit('change', this.getState())
  }
}

const isUnsure = (error: unknown): boolean => error instanceof ChatError && UNSURE_CODES.has(error.code)
