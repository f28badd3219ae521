/** [AR13] Claims that a device signs to answer a request. */
import { AUTHENTICATOR_LIMITS, type DeviceAnswerClaims, type IncomingRequest } from '@chat-widget/protocol'
import type { PersonAnswer } from './device-state.ts'
import type { DeviceRecord } from './device-store.ts'

/** `nowMs`: by the server's clock. */
export function answerClaims(
  { deviceId, identifier }: DeviceRecord,
  { id, app }: IncomingRequest,
  answer: PersonAnswer,
  nowMs: number,
): DeviceAnswerClaims {
  const now = Math.floor(nowMs / 1000)
  return {
    iss: deviceId,
    sub: identifier,
    aud: app.id,
    jti: id,
    iat: now,
    exp: now + AUTHENTICATOR_LIMITS.answerSeconds,
    decision: answer.decision,
    mutes: answer.decision === 'denied' && answer.mutes,
  }
}
