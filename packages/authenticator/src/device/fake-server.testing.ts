/** A server for one person, on a connection that the test opens and breaks; it verifies proofs as the contract says. */
import {
  type ConnectionEvents,
  type ConnectionState,
  createEmitter,
  type Details,
} from '@chat-widget/client/parts'
import type {
  AnswerOutcome,
  AuthenticatorToServerEvents,
  DeviceId,
  DevicePublicKey,
  ErrorCode,
  ServerToAuthenticatorEvents,
} from '@chat-widget/protocol'
import {
  answerRequest,
  appRequest,
  describeAppRequest,
  emptyRequest,
  enrollDeviceRequest,
  joinDeviceRequest,
  openRequest,
  proveDeviceRequest,
  recoverDeviceRequest,
  removeDeviceRequest,
  rotateKeyRequest,
} from '@chat-widget/protocol/schemas'
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import { account, CODES, deviceId } from '../testing/fixtures.testing.ts'
import type { DeviceConnection } from './device-connection.ts'

/** The server's schemas, by which each request is checked. */
const SCHEMAS = {
  'device:enroll': enrollDeviceRequest,
  'device:join': joinDeviceRequest,
  'device:recover': recoverDeviceRequest,
  'device:prove': proveDeviceRequest,
  'device:invite': emptyRequest,
  'device:remove': removeDeviceRequest,
  'device:rotate': rotateKeyRequest,
  'recovery:renew': emptyRequest,
  'app:describe': describeAppRequest,
  'app:connect': appRequest,
  'app:disconnect': appRequest,
  'app:unmute': appRequest,
  'request:open': openRequest,
  'request:answer': answerRequest,
} satisfies Record<keyof AuthenticatorToServerEvents, unknown>

interface Verified {
  readonly header: unknown
  readonly claims: Record<string, unknown>
}

interface Refusal {
  readonly code: ErrorCode
}

export class FakeServer {
  /** The server's clock, unrelated to the device's. */
  serverTime = Date.UTC(2031, 4, 17, 12)
  readonly devices: Map<DeviceId, DevicePublicKey>
  /** Purpose and nonce of each proof, oldest first. */
  readonly proofs: { readonly purpose: unknown; readonly nonce: unknown }[] = []
  readonly answers: (Verified & { readonly code: string | undefined })[] = []
  outcome: AnswerOutcome = { kind: 'decided', status: 'approved' }
  /** Answers requests of this name with an error, once. */
  readonly refusals = new Map<string, Refusal>()
  /** Requests of these names arrive, and the connection breaks before the answer. */
  readonly swallowed = new Set<string>()
  /** Requests of these names arrive, and no answer comes in time; the connection stays. */
  readonly unanswered = new Set<string>()
  /** True: the device only starts `connect()`, and the test finishes it. */
  isSlow = false
  nonce = ''
  #nonces = 0
  /** True once a device uses the connection; one connection is one device. */
  #isTaken = false
  #state: ConnectionState = { status: 'closed' }
  readonly #own = createEmitter<ConnectionEvents>()
  readonly #incoming = createEmitter<Details<ServerToAuthenticatorEvents>>()
  /** Events are sent once this resolves. */
  hold: Promise<void> = Promise.resolve()

  readonly connection: DeviceConnection

  /** `beside`: another connection to the same server. */
  constructor(beside?: FakeServer) {
    const server = this
    this.devices = beside?.devices ?? new Map()
    this.connection = {
      get state() {
        return server.#state
      },
      on: (name, listener) => this.#own.on(name, listener),
      onEvent: (name, listener) => this.#incoming.on(name, listener),
      start: () => (this.isSlow ? this.#set({ status: 'connecting' }) : this.connect()),
      stop: () => this.#set({ status: 'closed' }),
      close: () => {
        this.#own.clear()
        this.#incoming.clear()
        this.#set({ status: 'closed' })
      },
      request: (async (name: keyof AuthenticatorToServerEvents, payload: Record<string, unknown>) => {
        await this.hold
        SCHEMAS[name].parse(payload)
        return this.#answer(name, payload)
      }) as DeviceConnection['request'],
    }
  }

  /** Opens a new connection, with a challenge of its own. */
  connect(): void {
    this.#nonces += 1
    this.#isTaken = false
    this.nonce = `nonce-${this.#nonces}`
    this.#set({ status: 'connected' })
    this.tell('challenge', { nonce: this.nonce, serverTime: this.serverTime })
  }

  drop(): void {
    this.#set({ status: 'reconnecting', attempt: 1 })
  }

  tell<Name extends keyof ServerToAuthenticatorEvents>(
    name: Name,
    detail: Details<ServerToAuthenticatorEvents>[Name],
  ): void {
    this.#incoming.emit(name, detail)
  }

  async #answer(name: string, payload: Record<string, unknown>) {
    if (this.#state.status !== 'connected') return lost
    if (this.swallowed.delete(name)) {
      await this.#handle(name, payload)
      this.drop()
      return lost
    }
    if (this.unanswered.delete(name)) {
      await this.#handle(name, payload)
      return lost
    }
    const refusal = this.refusals.get(name)
    this.refusals.delete(name)
    if (refusal !== undefined) return refused(refusal.code)
    return this.#handle(name, payload)
  }

  async #handle(name: string, payload: Record<string, unknown>) {
    const publicKey = payload.publicKey as DevicePublicKey
    const own = payload.deviceId as DeviceId
    switch (name as keyof AuthenticatorToServerEvents) {
      case 'device:enroll':
      case 'device:join':
      case 'device:recover': {
        if (this.#isTaken) return refused('conflict')
        this.#isTaken = true
        await this.#prove(payload.proof, publicKey)
        const known = [...this.devices].find(([, { x, y }]) => x === publicKey.x && y === publicKey.y)
        const id = known?.[0] ?? deviceId(this.devices.size + 1)
        this.devices.set(id, publicKey)
        const codes = name === 'device:enroll' ? { recoveryCodes: CODES } : {}
        return ok({ deviceId: id, state: account(), ...codes })
      }
      case 'device:prove': {
        const known = this.devices.get(own)
        if (known === undefined) return refused('session-invalid')
        const isProved = await this.#prove(payload.proof, known).catch(() => null)
        return isProved === null ? refused('unauthenticated') : ok(account())
      }
      case 'device:rotate':
        await this.#prove(payload.proof, publicKey)
        this.devices.set(deviceId(1), publicKey)
        return ok(null)
      case 'request:answer': {
        const [key] = this.devices.values()
        const verified = await verify(String(payload.answer), key!)
        this.answers.push({ ...verified, code: payload.code as string | undefined })
        return ok(this.outcome)
      }
      case 'recovery:renew':
        return ok({ recoveryCodes: CODES.toReversed() })
      default:
        return ok(null)
    }
  }

  async #prove(proof: unknown, key: DevicePublicKey): Promise<Verified> {
    const verified = await verify(String(proof), key)
    const { purpose, nonce } = verified.claims
    this.proofs.push({ purpose, nonce })
    return verified
  }

  #set(state: ConnectionState): void {
    this.#state = state
    this.#own.emit('state', state)
  }
}

/** Rejects for any other key or algorithm. */
async function verify(jws: string, publicKey: DevicePublicKey): Promise<Verified> {
  const key = await importJWK({ ...publicKey }, 'ES256')
  const { payload } = await compactVerify(jws, key, { algorithms: ['ES256'] })
  return { header: decodeProtectedHeader(jws), claims: JSON.parse(new TextDecoder().decode(payload)) }
}

const ok = (value: unknown) => ({ ok: true, value })
const refused = (code: ErrorCode) => ({ ok: false, error: { code, message: '' } })
const lost = refused('server-unreachable')
