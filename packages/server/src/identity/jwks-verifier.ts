/** Verifies a JWT with the keys that an issuer publishes. */
import { ChatError } from '@chat-widget/protocol'
import type { ContextConfig } from '../config/config.ts'
import { checkVerified, type LocalVerifier } from './context-verifier.ts'
import { createIssuerKeys, IssuerKeysError } from './issuer-keys.ts'
import { toChatError, tokenOf, verifiedOf, verifyOptions } from './token-claims.ts'

type JwksConfig = Extract<ContextConfig, { kind: 'jwks' }>

export function createJwksVerifier(
  config: JwksConfig,
  { now, ...tuning }: { readonly now: () => number; readonly timeoutMs?: number },
): LocalVerifier {
  const keys = createIssuerKeys(config.url, tuning)
  return {
    async verify(request) {
      const token = tokenOf(request.context, config)
      try {
        const payload = await keys.verify(token, verifyOptions(config, now))
        return checkVerified(verifiedOf(payload, now), request, now)
      } catch (error) {
        throw error instanceof IssuerKeysError ? unavailable(error) : toChatError(error)
      }
    },
  }
}

function unavailable(cause: IssuerKeysError): ChatError {
  const { message, retryAfterMs } = cause
  return new ChatError('verifier-unavailable', message, {
    cause,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}
