/** `/authenticator`: requests and events of an approver's device, once it proved its key ([AR11]). */
import { randomBytes } from 'node:crypto'
import { ChatError, type Enrolled, type Joined } from '@chat-widget/protocol'
import {
  answerRequest,
  appRequest,
  authenticatorHandshake,
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
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Authenticator } from '../authentication-requests/authenticator/authenticator.ts'
import { createTokenBucket } from '../limits/token-bucket.ts'
import type { ClientAddress } from '../network/client-address.ts'
import { isSameHost } from '../network/origins.ts'
import type { DeviceRecord } from '../storage/authenticator-storage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type AuthenticatorPresence, createAuthenticatorPresence } from './authenticator-presence.ts'
import { guardOf } from './connection-guard.ts'
import { admitting, readHandshake } from './handshake.ts'
import type { Presence } from './presence.ts'
import { type After, createRequests, type RequestTracker } from './requests.ts'
import type { AuthenticatorNamespace, AuthenticatorSocket } from './socket-server.ts'
import type { Tuning } from './tuning.ts'

export interface AuthenticatorServices {
  readonly authenticator: Authenticator
  readonly present: Presence
  readonly addressOf: ClientAddress
  readonly tracker: RequestTracker
  readonly telemetry: Telemetry
  readonly logger: Logger
  readonly tuning: Tuning
  readonly now: () => number
}

export function serveAuthenticators(
  namespace: AuthenticatorNamespace,
  services: AuthenticatorServices,
): { close(): Promise<void> } {
  const { authenticator, present, logger } = services
  const presence = createAuthenticatorPresence({ namespace, present, authenticator, logger })
  namespace.use((socket, next) => {
    const { auth, headers } = socket.handshake
    admitting(async () => admitAuthenticator({ auth, headers }), next, {
      logger,
      refused: (code) => services.telemetry.refusals.count({ event: 'connect', code }),
    })
  })
  namespace.on('connection', (socket) => listen(socket, presence, services))
  return { close: presence.close }
}

function listen(
  socket: AuthenticatorSocket,
  presence: AuthenticatorPresence,
  { authenticator, addressOf, telemetry, tracker, logger, tuning, now }: AuthenticatorServices,
): void {
  const on = {
    nonce: randomBytes(32).toString('base64url'),
    ip: addressOf(socket.request),
  }
  let device: DeviceRecord | null = null
  let isProving = false
  const proofBucket = createTokenBucket(tuning.deviceProofRate, now)
  const anyBucket = createTokenBucket(tuning.authenticatorRate, now)
  const proofs = () => proofBucket.take()
  const any = () => anyBucket.take()
  const requests = createRequests<AuthenticatorSocket>({
    ...{ tracker, logger },
    refused: (event, code) => telemetry.refusals.count({ event, code }),
  })

  function self(): DeviceRecord {
    if (device === null) throw new ChatError('unauthenticated', 'The connection has proved no device yet.')
    return device
  }

  /** Makes this connection the device's. One connection is one device. */
  async function bindDevice(prove: () => Promise<DeviceRecord>, after: After): Promise<Joined> {
    if (device !== null || isProving)
      throw new ChatError('conflict', 'The connection is that of a device already.')
    isProving = true
    try {
      const proved = await prove()
      await presence.enter(socket, proved)
      const state = await presence.stateFor(proved)
      device = proved
      after(() => {
        presence.tellState(proved.identifier)
        presence.tellRequests(socket, proved.identifier)
      })
      return { deviceId: proved.id, state }
    } finally {
      isProving = false
    }
  }

  function handle<Schema extends z.ZodType, Value>(
    event: string,
    schema: Schema,
    limit: () => number,
    gates: readonly (() => void)[],
    handler: (request: z.output<Schema>, after: After) => Promise<Value>,
  ): void {
    requests.on(event, {
      ...{ schema, gates },
      limits: [limit],
      handle: (_socket, request, after) => handler(request, after),
    })
  }

  /** Handles a request of a proven device; others are refused before the payload is read. */
  function act<Schema extends z.ZodType, Value>(
    event: string,
    schema: Schema,
    handler: (device: DeviceRecord, request: z.output<Schema>, after: After) => Promise<Value>,
    limit = any,
  ): void {
    handle(event, schema, limit, [() => void self()], (request, after) => handler(self(), request, after))
  }

  handle('device:enroll', enrollDeviceRequest, proofs, [], async (request, after): Promise<Enrolled> => {
    let recoveryCodes: readonly string[] = []
    const enroll = async () => {
      const enrolled = await authenticator.enroll(request, on)
      recoveryCodes = enrolled.recoveryCodes
      return enrolled.device
    }
    return { ...(await bindDevice(enroll, after)), recoveryCodes }
  })
  handle('device:join', joinDeviceRequest, proofs, [], (request, after) =>
    bindDevice(() => authenticator.join(request, on), after),
  )
  handle('device:recover', recoverDeviceRequest, proofs, [], (request, after) =>
    bindDevice(() => authenticator.recover(request, on), after),
  )
  handle('device:prove', proveDeviceRequest, proofs, [], async (request, after) => {
    const { state } = await bindDevice(() => authenticator.prove(request, on), after)
    return state
  })

  act('device:invite', emptyRequest, (by) => authenticator.invite(by))
  act('device:remove', removeDeviceRequest, async (by, { deviceId }, after) => {
    await authenticator.remove(by, deviceId)
    // After the answer: the removed device may be this one.
    after(() => {
      presence.expel(deviceId)
      presence.tellState(by.identifier)
    })
    return null
  })
  const rotate = async (by: DeviceRecord, request: z.output<typeof rotateKeyRequest>) => {
    device = await authenticator.rotate(by, request, on)
    presence.closeOthers(socket, by.id)
    return null
  }
  act('device:rotate', rotateKeyRequest, rotate, proofs)
  act('recovery:renew', emptyRequest, async (by, _request, after) => {
    const recoveryCodes = await authenticator.renewRecovery(by)
    after(() => presence.tellState(by.identifier))
    return { recoveryCodes }
  })
  act('app:describe', describeAppRequest, (by, request) => authenticator.describeApp(by, request))
  act('app:connect', appRequest, async (by, { app }, after) => {
    await authenticator.connect(by, app)
    after(() => presence.tellState(by.identifier))
    return null
  })
  act('app:disconnect', appRequest, async (by, { app }, after) => {
    await authenticator.disconnect(by, app)
    after(() => {
      presence.tellState(by.identifier)
      presence.tellAllRequests(by.identifier)
    })
    return null
  })
  act('app:unmute', appRequest, async (by, { app }, after) => {
    await authenticator.unmute(by, app)
    after(() => presence.tellState(by.identifier))
    return null
  })
  act('request:open', openRequest, async (by, { requestId }) => {
    await authenticator.open(by, requestId)
    return null
  })
  act('request:answer', answerRequest, async (by, request, after) => {
    const outcome = await authenticator.answer(by, request)
    // The denial may have muted the app.
    if (outcome.kind === 'decided' && outcome.status === 'denied')
      after(() => presence.tellState(by.identifier))
    return outcome
  })

  requests.serve(socket, socket, guardOf(socket))
  socket.once('disconnect', () => {
    if (device !== null) presence.tellState(device.identifier)
  })
  socket.emit('challenge', { nonce: on.nonce, serverTime: now() })
}

/** Admits the server's own pages, and clients that are not browsers. The device proves itself later. */
function admitAuthenticator({
  auth,
  headers,
}: {
  readonly auth: unknown
  readonly headers: { readonly origin?: string | undefined; readonly host?: string | undefined }
}): void {
  readHandshake(authenticatorHandshake, auth)
  if (headers.origin !== undefined && !isSameHost(headers.origin, headers.host)) {
    throw new ChatError('origin-refused', "An authenticator connects from the server's own pages only.")
  }
}
