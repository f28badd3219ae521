/** Requests of an authenticator: the shapes of `../authenticator.ts`. */
import { z } from 'zod'
import { AUTHENTICATION_REQUEST_LIMITS } from '../authentication-requests.ts'
import { AUTHENTICATOR_LIMITS as LIMITS } from '../authenticator-limits.ts'
import type { AppId, DeviceId } from '../ids.ts'
import * as CHAT_LIMITS from '../limits.ts'
import { authenticationRequestId, identifier, line } from './authentication-requests.ts'
import { uuid } from './common.ts'

export const authenticatorHandshake = z.strictObject({ protocolVersion: z.int() })
export type AuthenticatorHandshake = z.input<typeof authenticatorHandshake>

export const deviceId = uuid<DeviceId>()

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes in base64url')
export const devicePublicKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
})

/** A compact JWS. */
const jws = z
  .string()
  .max(4_096)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/, 'must be a compact JWS')
const newDevice = {
  publicKey: devicePublicKey,
  /** A name for the owner, e.g. `Firefox on Linux`. */
  name: line(LIMITS.deviceNameLength),
  proof: jws,
}
/** Codes are compared ignoring case, spaces and hyphens. */
const code = z.string().min(16).max(80)

export const enrollDeviceRequest = z.strictObject(newDevice)
export type EnrollDeviceRequest = z.input<typeof enrollDeviceRequest>

export const joinDeviceRequest = z.strictObject({ ...newDevice, code })
export type JoinDeviceRequest = z.input<typeof joinDeviceRequest>

export const recoverDeviceRequest = z.strictObject({ ...newDevice, identifier, code })
export type RecoverDeviceRequest = z.input<typeof recoverDeviceRequest>

export const proveDeviceRequest = z.strictObject({ deviceId, proof: jws })
export type ProveDeviceRequest = z.input<typeof proveDeviceRequest>

export const removeDeviceRequest = z.strictObject({ deviceId })
export type RemoveDeviceRequest = z.input<typeof removeDeviceRequest>

export const rotateKeyRequest = z.strictObject({ publicKey: devicePublicKey, proof: jws })
export type RotateKeyRequest = z.input<typeof rotateKeyRequest>

const app = z
  .string()
  .min(1)
  .max(CHAT_LIMITS.nameLength)
  .transform((id) => id as AppId)

export const appRequest = z.strictObject({ app })
export type AppRequest = z.input<typeof appRequest>

export const describeAppRequest = z.strictObject({
  app,
  /** The page that the person came from; returned only if it is one of the app's own. */
  callback: z.string().max(LIMITS.callbackLength).optional(),
})
export type DescribeAppRequest = z.input<typeof describeAppRequest>

export const openRequest = z.strictObject({ requestId: authenticationRequestId })
export type OpenRequest = z.input<typeof openRequest>

export const answerRequest = z.strictObject({
  requestId: authenticationRequestId,
  /** A compact JWS of `DeviceAnswerClaims`. */
  answer: jws,
  /** As typed, for an approval with binding; not part of the signed answer, which is stored ([AR5]). */
  code: z
    .string()
    .max(AUTHENTICATION_REQUEST_LIMITS.bindingDigits * 4)
    .optional(),
})
export type AnswerRequest = z.input<typeof answerRequest>
