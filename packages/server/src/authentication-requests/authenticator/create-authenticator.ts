/** Authenticators over the database and the state machine of requests. */

import { createHash, randomInt, randomUUID } from 'node:crypto'
import {
  type AppId,
  AUTHENTICATOR_LIMITS,
  ChatError,
  type ConnectedApp,
  type DeviceId,
  type DevicePublicKey,
  type IncomingRequest,
} from '@chat-widget/protocol'
import type { AppConfig } from '../../config/config.ts'
import type { NodeCounters } from '../../limits/node-counters.ts'
import { originAllowed } from '../../network/origins.ts'
import type {
  AuthenticatorStorage,
  DeviceCode,
  DeviceRecord,
  NewDevice,
} from '../../storage/authenticator-storage.ts'
import type { AuthenticationRequestService } from '../authentication-request-service.ts'
import type { Authenticator, ProvedOn } from './authenticator.ts'
import { checkAnswer } from './device-answer.ts'
import { checkProof } from './device-proof.ts'
import type { AskedRequest } from './device-requests.ts'
import { importDeviceKey } from './device-signature.ts'
import { type AuthenticatorRates, createGuessLimits, DEFAULT_AUTHENTICATOR_RATES } from './guess-limits.ts'
import { grouped, hashCode, newOneTimeCode } from './one-time-codes.ts'

export interface AuthenticatorOptions {
  readonly people: AuthenticatorStorage
  readonly requests: Pick<
    AuthenticationRequestService,
    'pendingOf' | 'findAsked' | 'openByDevice' | 'decideByDevice' | 'withdraw' | 'onChange'
  >
  readonly apps: ReadonlyMap<AppId, Pick<AppConfig, 'id' | 'name' | 'origins'>>
  /** Counts what other nodes allowed, too. Default: there are none. */
  readonly counters?: NodeCounters
  /** Overrides, for tests. */
  readonly rates?: Partial<AuthenticatorRates>
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/** Tries to find a free identifier among nine thousand million; more would mean a fault, not chance. */
const IDENTIFIER_TRIES = 20

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { people, requests, apps, now = Date.now } = options
  const limits = createGuessLimits(
    { ...DEFAULT_AUTHENTICATOR_RATES, ...options.rates },
    now,
    options.counters,
  )
  const nameOf = (app: AppId) => apps.get(app)?.name ?? app

  function newRecoveryCodes() {
    const codes = Array.from({ length: AUTHENTICATOR_LIMITS.recoveryCodes }, newOneTimeCode)
    return { codes: codes.map(grouped), hashes: codes.map(hashCode) }
  }

  async function addByCode(
    code: DeviceCode,
    request: { readonly name: string; readonly publicKey: DevicePublicKey },
    { ip }: ProvedOn,
  ): Promise<DeviceRecord> {
    const wasRight = await limits.countGuess(ip, code.kind === 'recovery' ? code.identifier : null)
    const outcome = await people.addDevice({
      code,
      device: newDevice(request),
      mostDevices: AUTHENTICATOR_LIMITS.devices,
      at: now(),
    })
    switch (outcome.kind) {
      case 'added':
        wasRight()
        return outcome.device
      case 'too-many':
        wasRight()
        throw new ChatError('conflict', `There are ${AUTHENTICATOR_LIMITS.devices} devices already.`)
      case 'unknown-code':
        throw new ChatError('not-found', 'There is no such code, or it was used, or it is over.')
      default:
        return outcome satisfies never
    }
  }

  function incoming({ record, codesLeft }: AskedRequest): IncomingRequest {
    const { id, app, claims, binding, createdAt, expiresAt } = record
    return {
      ...{ id, claims, binding, codesLeft, createdAt, expiresAt },
      app: { id: app, name: nameOf(app) },
      claimedBy: record.isFromChat ? 'server' : 'caller',
    }
  }

  /** Requests that are delivered while the person disconnects count too: it is asked again ([AR12]). */
  const mayShow = ({ identifier, record, creator }: AskedRequest) =>
    people.isReachable(identifier, record.app, creator)

  return {
    async enroll({ name, publicKey, proof }, { nonce, ip }) {
      await checkProof(proof, publicKey, { nonce, purpose: 'enroll' })
      await limits.countEnrolment(ip)
      const { codes, hashes } = newRecoveryCodes()
      const id = idOfKey(publicKey)
      for (let tries = 0; tries < IDENTIFIER_TRIES; tries += 1) {
        const known = await people.findDevice(id)
        const isAgain = known !== null && isSameKey(known.publicKey, publicKey)
        // The key's owner may prove the device and renew its codes anyway; after its removal nobody may.
        if (isAgain && (await people.renewRecovery(id, hashes, now())))
          return { device: known, recoveryCodes: codes }
        const device = await people.enroll({
          identifier: newIdentifier(),
          device: { ...newDevice({ name, publicKey }), ...(known === null ? { id } : {}) },
          recoveryHashes: hashes,
          at: now(),
        })
        if (device !== null) return { device, recoveryCodes: codes }
      }
      throw new ChatError('unavailable', 'No identifier was free.')
    },
    async join(request, on) {
      await checkProof(request.proof, request.publicKey, { nonce: on.nonce, purpose: 'join' })
      return addByCode({ kind: 'invitation', hash: hashCode(request.code) }, request, on)
    },
    async recover(request, on) {
      await checkProof(request.proof, request.publicKey, { nonce: on.nonce, purpose: 'recover' })
      const { identifier } = request
      return addByCode({ kind: 'recovery', hash: hashCode(request.code), identifier }, request, on)
    },
    async prove({ deviceId, proof }, { nonce }) {
      const device = await people.findDevice(deviceId)
      if (device === null || device.removedAt !== null) throw notADevice()
      await checkProof(proof, device.publicKey, { nonce, purpose: 'prove' })
      const seenAt = now()
      await people.markSeen(device.id, seenAt)
      return { ...device, seenAt }
    },
    async isCurrent({ id, publicKey }) {
      const device = await people.findDevice(id)
      return device !== null && device.removedAt === null && isSameKey(device.publicKey, publicKey)
    },
    async invite({ id }) {
      const code = newOneTimeCode()
      const at = now()
      const expiresAt = at + AUTHENTICATOR_LIMITS.invitationSeconds * 1_000
      mustBeDevice(await people.invite(id, hashCode(code), expiresAt, at))
      return { code, expiresAt }
    },
    async remove(device, id) {
      if (await people.removeDevice(device.id, id, now())) return
      mustBeDevice((await people.findDevice(device.id))?.removedAt === null)
      throw new ChatError('not-found', 'There is no such device.')
    },
    async rotate(device, { publicKey, proof }, { nonce }) {
      await importDeviceKey(publicKey)
      await checkProof(proof, publicKey, { nonce, purpose: 'rotate' })
      mustBeDevice(await people.rotateKey(device.id, device.publicKey, publicKey))
      return { ...device, publicKey }
    },
    async renewRecovery({ id }) {
      const { codes, hashes } = newRecoveryCodes()
      mustBeDevice(await people.renewRecovery(id, hashes, now()))
      return codes
    },
    async describeApp({ identifier }, { app, callback }) {
      const { id, name, origins } = known(app)
      const isConnected = (await people.connectionsOf(identifier)).some((connection) => connection.app === id)
      return { id, name, isConnected, callback: ownPage(callback, origins) }
    },
    async connect({ id }, app) {
      mustBeDevice(await people.connect(id, known(app).id, now()))
    },
    async disconnect({ id, identifier }, app) {
      mustBeDevice(await people.disconnect(id, app))
      await requests.withdraw(identifier, app)
    },
    async unmute({ id }, app) {
      mustBeDevice(await people.unmute(id, app))
    },
    async open({ identifier }, id) {
      if (!(await requests.openByDevice(id, identifier))) throw noSuchRequest()
    },
    async answer({ identifier }, { requestId: id, answer, code }) {
      const asked = await requests.findAsked(id)
      const isShown =
        asked?.identifier === identifier && (asked.record.status !== 'pending' || (await mayShow(asked)))
      if (!isShown) throw noSuchRequest()
      const { app } = asked.record
      const checked = await checkAnswer(answer, { id, app, identifier, now: now() }, people.findDevice)
      const outcome = await requests.decideByDevice({ id, identifier, ...checked, code: code ?? null })
      switch (outcome.kind) {
        case 'unknown':
          throw notADevice()
        case 'decided':
          return { kind: 'decided', status: checked.decision }
        case 'no-code':
          return { kind: 'wrong-code', codesLeft: outcome.codesLeft }
        case 'wrong-code':
        case 'over':
          return outcome
        default:
          return outcome satisfies never
      }
    },
    async facts(identifier) {
      const [devices, connections, recoveryCodesLeft] = await Promise.all([
        people.devicesOf(identifier),
        people.connectionsOf(identifier),
        people.recoveryCodesLeft(identifier),
      ])
      const connected = connections.map(
        ({ app, connectedAt, isMuted }): ConnectedApp => ({
          ...{ id: app, name: nameOf(app), isMuted },
          connectedAt: new Date(connectedAt).toISOString(),
        }),
      )
      return { devices, apps: connected, recoveryCodesLeft }
    },
    async pendingOf(identifier) {
      const asked = await requests.pendingOf(identifier)
      const shown = await Promise.all(asked.map(mayShow))
      return asked.filter((_, index) => shown[index]).map(incoming)
    },
    async news(id) {
      const asked = await requests.findAsked(id)
      if (asked === null) return null
      const { identifier, record } = asked
      if (record.status !== 'pending') return { kind: 'ended', identifier, id, status: record.status }
      return (await mayShow(asked)) ? { kind: 'pending', identifier, request: incoming(asked) } : null
    },
    onNews: (listener) => requests.onChange(listener),
  }

  function known(app: AppId) {
    const config = apps.get(app)
    if (config === undefined) throw new ChatError('unknown-app', 'There is no such app on this server.')
    return config
  }
}

const noSuchRequest = () => new ChatError('not-found', 'There is no such authentication request.')

const notADevice = () =>
  new ChatError('session-invalid', 'The device is unknown, was removed, or has another key.')

function mustBeDevice(isDone: boolean): void {
  if (!isDone) throw notADevice()
}

/** Ten digits, the first of which is not 0. */
const newIdentifier = () => String(randomInt(1_000_000_000, 10_000_000_000))

const newDevice = ({
  name,
  publicKey,
}: {
  readonly name: string
  readonly publicKey: DevicePublicKey
}): NewDevice => ({ id: randomUUID() as string as DeviceId, name, publicKey })

/**
 * Makes a UUID of version 8 from the key: an enrolment whose answer was lost finds the same device again, and no other.
 */
function idOfKey({ x, y }: DevicePublicKey): DeviceId {
  const hex = createHash('sha256').update(`${x}.${y}`).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(12, 15)}`, `8${hex.slice(15, 18)}`]
  return [...parts, hex.slice(18, 30)].join('-') as DeviceId
}

const isSameKey = (one: DevicePublicKey, other: DevicePublicKey) => one.x === other.x && one.y === other.y

/** Returns the address if it is a page of the app's own: nobody is sent from here to another site. */
function ownPage(callback: string | undefined, origins: readonly string[]): string | null {
  if (callback === undefined || !URL.canParse(callback)) return null
  const { href, protocol, origin, username, password } = new URL(callback)
  // A `blob:` address has its page's origin, too.
  const isPage = (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
  return isPage && originAllowed(origin, origins) ? href : null
}
