/** Checks requests by their zod schemas, instead of by Fastify's own compilers. */
import { ChatError } from '@chat-widget/protocol'
import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { firstIssue } from '../config/configuration-error.ts'

const unused = (): never => {
  throw new Error('the compilers have not been set')
}

/** Fastify's `schemaController`. Without it Fastify loads its own compilers, a fifth of all its code. */
export const NO_COMPILERS = { compilersFactory: { buildValidator: unused, buildSerializer: unused } }

export function setCompilers(http: FastifyInstance): void {
  http.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (data: unknown) => {
    const result = schema.safeParse(data)
    if (result.success) return { value: result.data }
    const { key, problem } = firstIssue(result.error)
    return {
      error: new ChatError('bad-request', `${key === '' ? (httpPart ?? 'request') : key}: ${problem}`),
    }
  })
  // Response schemas are for the OpenAPI document; a mismatch must not turn an answer into an error.
  http.setSerializerCompiler(() => (data) => JSON.stringify(data))
}
