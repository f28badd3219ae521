/** Verifies an answer: who signed it, for whom, about what, and when ([AR13]). */
import {
  type AppId,
  AUTHENTICATOR_LIMITS,
  type AuthenticationRequestId,
  ChatError,
  DEVICE_ANSWER_TYPE,
  type DeviceAnswerClaims,
  type DeviceId,
} from '@chat-widget/protocol'
import { authenticationRequestId, deviceId, identifier } from '@chat-widget/protocol/schemas'
import { z } from 'zod'
import type { SignedAnswer } from '../../storage/authentication-request-storage.ts'
import type { DeviceRecord } from '../../storage/authenticator-storage.ts'
import { readHeader, readSigned, refused } from './device-signature.ts'

export interface AskedOfDevice {
  readonly id: AuthenticationRequestId
  readonly app: AppId
  readonly identifier: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export interface CheckedAnswer extends Pick<DeviceAnswerClaims, 'decision' | 'mutes'> {
  readonly signed: SignedAnswer
}

const answerClaims = z
  .strictObject({
    iss: deviceId,
    sub: identifier,
    aud: z.string().transform((app) => app as AppId),
    jti: authenticationRequestId,
    iat: z.int(),
    exp: z.int(),
    decision: z.enum(['approved', 'denied']),
    mutes: z.boolean(),
  })
  .refine(({ decision, mutes }) => !mutes || decision === 'denied', {
    path: ['mutes'],
    message: 'stands with a denial only',
  }) satisfies z.ZodType<DeviceAnswerClaims>

/**
 * Rejects with `unauthenticated` if no device of the person signed it in their name, with `not-found` if it is about
 * another request, and with `context-expired` if it is too old or from the future.
 */
export async function checkAnswer(
  answer: string,
  asked: AskedOfDevice,
  findDevice: (id: DeviceId) => Promise<DeviceRecord | null>,
): Promise<CheckedAnswer> {
  const kid = deviceId.safeParse(readHeader(answer, DEVICE_ANSWER_TYPE).kid)
  const device = kid.success ? await findDevice(kid.data) : null
  if (device === null || device.identifier !== asked.identifier || device.removedAt !== null)
    throw refused('kid')
  const claims = await readSigned(answer, device.publicKey, answerClaims)
  if (claims.iss !== device.id) throw refused('iss')
  if (claims.sub !== asked.identifier) throw refused('sub')
  if (claims.aud !== asked.app) throw another('aud')
  if (claims.jti !== asked.id) throw another('jti')
  checkTimes(claims, asked.now / 1_000)
  const { decision, mutes } = claims
  return { decision, mutes, signed: { device: device.id, publicKey: device.publicKey, answer } }
}

function checkTimes({ iat, exp }: Pick<DeviceAnswerClaims, 'iat' | 'exp'>, now: number): void {
  const { answerSeconds } = AUTHENTICATOR_LIMITS
  if (Math.abs(now - iat) > answerSeconds) throw untimely('iat')
  if (exp > iat + answerSeconds || exp <= now) throw untimely('exp')
}

const another = (claim: string) =>
  new ChatError('not-found', `The answer is about something else than was asked: ${claim}.`)

const untimely = (claim: string) =>
  new ChatError('context-expired', `The answer is not of now by the server's clock: ${claim}.`)
