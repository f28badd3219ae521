/** Asks the company's own endpoint who a context belongs to. */
import { randomUUID } from 'node:crypto'
import { ChatError, LIMITS } from '@chat-widget/protocol'
import { z } from 'zod'
import type { ContextConfig } from '../config/config.ts'
import { callJson, OutboundError } from '../outbound/call-json.ts'
import { signWebhook } from '../outbound/sign-webhook.ts'
import { type ContextVerifier, checkVerified, type VerifyRequest } from './context-verifier.ts'

type IntrospectConfig = Extract<ContextConfig, { kind: 'introspect' }>

/** Not strict: the endpoint is the company's, and may tell more than we ask. */
const introspection = z
  .object({
    userIdentifier: z.string().min(1).max(LIMITS.userIdentifierLength).optional(),
    sub: z.string().min(1).max(LIMITS.userIdentifierLength).optional(),
    expiresAt: z.number().nullable().optional(),
  })
  .refine(({ userIdentifier, sub }) => (userIdentifier ?? sub) !== undefined)

/** 2xx with `{ userIdentifier | sub, expiresAt? }` is a yes, any other 4xx than 408 and 429 a no, the rest an outage. */
export function createIntrospectVerifier(
  config: IntrospectConfig,
  { now }: { readonly now: () => number },
): ContextVerifier {
  return {
    async verify(request) {
      const answer = await ask(config, request, now)
      if (isOutage(answer.status)) throw unavailable()
      const parsed = answer.status < 300 ? introspection.safeParse(answer.body) : undefined
      if (parsed?.data === undefined) {
        throw new ChatError('context-invalid', 'The company did not confirm the context.')
      }
      const { userIdentifier, sub, expiresAt } = parsed.data
      const subject = userIdentifier ?? sub ?? ''
      return checkVerified({ userIdentifier: subject, expiresAt: expiresAt ?? null }, request, now)
    },
  }
}

async function ask(config: IntrospectConfig, request: VerifyRequest, now: () => number) {
  const body = JSON.stringify({ userIdentifier: request.userIdentifier, context: request.context })
  try {
    return await callJson({
      url: new URL(config.url),
      method: 'POST',
      headers:
        config.secret === undefined ? {} : signWebhook(config.secret, { id: randomUUID(), body, at: now() }),
      body,
      signal: request.signal,
      // The endpoint is named by the operator, and often stands in the same private network.
      allowPrivateAddress: true,
    })
  } catch (error) {
    if (error instanceof OutboundError) throw unavailable(error)
    throw error
  }
}

function isOutage(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}

function unavailable(cause?: unknown): ChatError {
  return new ChatError('verifier-unavailable', 'The company could not be asked about the context.', { cause })
}
