/** An authenticator without a page: a key of jose's, and a socket to the server's namespace. */
import {
  type AnswerOutcome,
  AUTHENTICATOR_NAMESPACE,
  type Challenge,
  DEVICE_ANSWER_TYPE,
  DEVICE_PROOF_TYPE,
  type DeviceAnswerClaims,
  type DeviceId,
  type DeviceProofClaims,
  type Enrolled,
  type IncomingRequest,
  type Joined,
  PROTOCOL_VERSION,
  type Result,
} from '@chat-widget/protocol'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { io } from 'socket.io-client'
import { until } from './wait.ts'

export interface Authenticator {
  readonly identifier: string
  /** Received requests, including those pending when it connected. */
  readonly requests: readonly IncomingRequest[]
  readonly ended: readonly { readonly id: string; readonly status: string }[]
  invite(): Promise<string>
  answer(
    request: IncomingRequest,
    decision: DeviceAnswerClaims['decision'],
    more?: { readonly code?: string; readonly mutes?: boolean },
  ): Promise<AnswerOutcome>
  /** Opens a new connection of the same device. */
  reconnect(): Promise<void>
  close(): void
}

/** Enrols a person who may be asked by the app `shop`; with `invitation`, another device of a person. */
export async function startAuthenticator(
  server: { readonly url: string },
  { invitation }: { readonly invitation?: string } = {},
): Promise<Authenticator> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const { x, y } = await exportJWK(publicKey)
  const requests: IncomingRequest[] = []
  const ended: { id: string; status: string }[] = []
  let challenge: Challenge

  async function connect() {
    const socket = io(server.url + AUTHENTICATOR_NAMESPACE, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      auth: { protocolVersion: PROTOCOL_VERSION },
    })
    socket.on('requests', (pending: IncomingRequest[]) => requests.push(...pending))
    socket.on('request', (request: IncomingRequest) => requests.push(request))
    socket.on('request:ended', (notice: { id: string; status: string }) => ended.push(notice))
    challenge = await new Promise((resolve, reject) => {
      socket.once('challenge', resolve)
      socket.once('connect_error', reject)
    })
    return socket
  }
  let socket = await connect()

  async function ask<Value>(event: string, payload: object): Promise<Value> {
    const result = (await socket.timeout(60_000).emitWithAck(event, payload)) as Result<Value>
    if (!result.ok) throw new Error(`${event}: ${result.error.code}: ${result.error.message}`)
    return result.value
  }
  const sign = (claims: object, typ: string, kid?: DeviceId) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'ES256', typ, ...(kid === undefined ? {} : { kid }) })
      .sign(privateKey)
  const proof = (purpose: DeviceProofClaims['purpose']) =>
    sign({ nonce: challenge.nonce, purpose } satisfies DeviceProofClaims, DEVICE_PROOF_TYPE)

  const purpose = invitation === undefined ? 'enroll' : 'join'
  const { deviceId, state } = await ask<Enrolled | Joined>(`device:${purpose}`, {
    ...{ name: 'Node', publicKey: { kty: 'EC', crv: 'P-256', x, y }, proof: await proof(purpose) },
    ...(invitation === undefined ? {} : { code: invitation }),
  })
  await ask('app:connect', { app: 'shop' })

  return {
    identifier: state.identifier,
    requests,
    ended,
    invite: async () => (await ask<{ code: string }>('device:invite', {})).code,
    async answer(request, decision, { code, mutes = false } = {}) {
      const iat = Math.floor(Date.now() / 1_000)
      const claims: DeviceAnswerClaims = {
        ...{ iss: deviceId, sub: state.identifier, aud: request.app.id, jti: request.id },
        ...{ iat, exp: iat + 60, decision, mutes },
      }
      const answer = await sign(claims, DEVICE_ANSWER_TYPE, deviceId)
      const more = code === undefined ? {} : { code }
      return ask('request:answer', { requestId: request.id, answer, ...more })
    },
    async reconnect() {
      socket.close()
      requests.length = 0
      socket = await connect()
      await ask('device:prove', { deviceId, proof: await proof('prove') })
    },
    close: () => socket.close(),
  }
}

/** The first request that the device receives. */
export async function firstRequest(device: Authenticator): Promise<IncomingRequest> {
  await until('the request is there', () => device.requests.length > 0)
  const [request] = device.requests
  if (request === undefined) throw new Error('there is none')
  return request
}
