/** Authenticators simulated by tests: a real key, a real socket, and any signature the test wants. */
import {
  AUTHENTICATOR_NAMESPACE,
  type AuthenticatorState,
  type Challenge,
  DEVICE_ANSWER_TYPE,
  DEVICE_PROOF_TYPE,
  type DeviceAnswerClaims,
  type DeviceId,
  type DeviceInvitation,
  type DevicePublicKey,
  type Enrolled,
  type IncomingRequest,
  type Joined,
  PROTOCOL_VERSION,
} from '@chat-widget/protocol'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import { io } from 'socket.io-client'
import type { CreateRequest } from '../authentication-requests/authentication-requests.ts'
import { byKey, wish } from '../authentication-requests/requests.testing.ts'
import type { TestRealtime } from './realtime.testing.ts'
import { Refused, TestDevice } from './test-device.testing.ts'

export interface DeviceKey {
  readonly publicKey: DevicePublicKey
  readonly privateKey: CryptoKey
}

export async function newDeviceKey(): Promise<DeviceKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const { x = '', y = '' } = await exportJWK(publicKey)
  return { publicKey: { kty: 'EC', crv: 'P-256', x, y }, privateKey }
}

export type Purpose = 'enroll' | 'join' | 'recover' | 'prove' | 'rotate'

export const sign = (
  claims: object,
  header: Partial<JWTHeaderParameters>,
  key: CryptoKey | Uint8Array,
): Promise<string> => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', ...header }).sign(key)

export const signProof = (nonce: string, purpose: Purpose, { privateKey }: DeviceKey): Promise<string> =>
  sign({ nonce, purpose }, { typ: DEVICE_PROOF_TYPE }, privateKey)

export interface AnswerChanges {
  readonly claims?: Partial<Record<keyof DeviceAnswerClaims, unknown>>
  readonly header?: Partial<JWTHeaderParameters>
  readonly key?: CryptoKey | Uint8Array
}

export class TestAuthenticator extends TestDevice {
  readonly challenge: Challenge
  key: DeviceKey
  id = '' as DeviceId
  identifier = ''
  recoveryCodes: readonly string[] = []

  constructor(socket: TestDevice['socket'], challenge: Challenge, key: DeviceKey) {
    super(socket)
    this.challenge = challenge
    this.key = key
  }

  proof(purpose: Purpose, key = this.key, nonce = this.challenge.nonce): Promise<string> {
    return signProof(nonce, purpose, key)
  }

  async newDevice(purpose: Purpose, name = 'Firefox on Linux') {
    return { name, publicKey: this.key.publicKey, proof: await this.proof(purpose) }
  }

  #is({ deviceId, state }: Joined): void {
    this.id = deviceId
    this.identifier = state.identifier
  }

  async enroll(name?: string): Promise<Enrolled> {
    const enrolled = await this.ask<Enrolled>('device:enroll', await this.newDevice('enroll', name))
    this.#is(enrolled)
    this.recoveryCodes = enrolled.recoveryCodes
    return enrolled
  }

  async join(code: string, name?: string): Promise<Joined> {
    const joined = await this.ask<Joined>('device:join', { ...(await this.newDevice('join', name)), code })
    this.#is(joined)
    return joined
  }

  async recover(identifier: string, code: string): Promise<Joined> {
    const request = { ...(await this.newDevice('recover')), identifier, code }
    const joined = await this.ask<Joined>('device:recover', request)
    this.#is(joined)
    return joined
  }

  invite(): Promise<DeviceInvitation> {
    return this.ask<DeviceInvitation>('device:invite', {})
  }

  async prove(deviceId: DeviceId): Promise<AuthenticatorState> {
    const request = { deviceId, proof: await this.proof('prove') }
    const state = await this.ask<AuthenticatorState>('device:prove', request)
    this.#is({ deviceId, state })
    return state
  }

  /** Waits until it receives the request. */
  asked(id: string): Promise<IncomingRequest> {
    return this.heard<IncomingRequest>('request', (request) => request.id === id)
  }

  /** Signs a right answer by default. */
  signAnswer(
    request: Pick<IncomingRequest, 'id' | 'app'>,
    decision: 'approved' | 'denied',
    { claims = {}, header = {}, key = this.key.privateKey }: AnswerChanges = {},
  ): Promise<string> {
    const now = Math.floor(this.challenge.serverTime / 1_000)
    const own = {
      ...{ iss: this.id, sub: this.identifier, aud: request.app.id, jti: request.id },
      ...{ iat: now, exp: now + 60, decision, mutes: false },
    } satisfies DeviceAnswerClaims
    const said = Object.entries({ ...own, ...claims }).filter(([, value]) => value !== undefined)
    return sign(Object.fromEntries(said), { typ: DEVICE_ANSWER_TYPE, kid: this.id, ...header }, key)
  }
}

/** A recovery that must be refused. */
export const refusedRecovery = async (device: TestAuthenticator, identifier: string, code: string) =>
  device.refusal('device:recover', { ...(await device.newDevice('recover')), identifier, code })

/** Connects, and waits for the challenge. */
export async function openAuthenticator(
  url: string,
  {
    key,
    auth = { protocolVersion: PROTOCOL_VERSION },
    headers = {},
  }: {
    readonly key?: DeviceKey
    readonly auth?: object
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<TestAuthenticator> {
  const socket = io(url + AUTHENTICATOR_NAMESPACE, {
    ...{ transports: ['websocket'], forceNew: true, reconnection: false },
    ...{ auth, extraHeaders: headers },
  })
  const challenge = await new Promise<Challenge>((resolve, reject) => {
    socket.once('challenge', resolve)
    socket.once('connect_error', (error: Error & { data?: Refused['data'] }) => {
      socket.close()
      reject(new Refused(error.message, error.data))
    })
  })
  return new TestAuthenticator(socket, challenge, key ?? (await newDeviceKey()))
}

/** Authenticators of one server, closed with it, and requests to them. */
export function authenticatorsOf(server: () => TestRealtime) {
  const opened: TestAuthenticator[] = []

  async function open(options: Parameters<typeof openAuthenticator>[1] = {}): Promise<TestAuthenticator> {
    const device = await openAuthenticator(server().url, options)
    opened.push(device)
    return device
  }

  return {
    open,
    /** A new person, whom the app `shop` may ask. */
    async person(options: Parameters<typeof openAuthenticator>[1] = {}): Promise<TestAuthenticator> {
      const device = await open(options)
      await device.enroll()
      await device.ask('app:connect', { app: 'shop' })
      return device
    },
    /** One more device of the person. */
    async another(of: TestAuthenticator): Promise<TestAuthenticator> {
      const device = await open()
      await device.join((await of.invite()).code)
      return device
    },
    /** The same device on another connection; the first `requests` event holds those that are pending. */
    async again(device: TestAuthenticator): Promise<TestAuthenticator> {
      const next = await open({ key: device.key })
      await next.prove(device.id)
      return next
    },
    /** Makes a request, with a key of the app unless `changes` say otherwise. */
    async request(identifier: string, changes: Partial<CreateRequest> = {}) {
      return server().requests.create(
        wish({ addressee: { kind: 'identifier', identifier }, creator: byKey, ...changes }),
      )
    },
    close() {
      for (const device of opened) device.close()
    },
  }
}
