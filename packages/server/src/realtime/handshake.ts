/** Checks of a handshake in every namespace: the version first, then the shape. */
import { ChatError, type ErrorCode, PROTOCOL_VERSION } from '@chat-widget/protocol'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { badRequest, INTERNAL, toWireError } from './wire-errors.ts'

/** Checks the version before the shape: a peer of another version may send other keys. */
export function readHandshake<Schema extends z.ZodType>(schema: Schema, auth: unknown): z.output<Schema> {
  const version = (auth as { readonly protocolVersion?: unknown } | null | undefined)?.protocolVersion
  const isVersion = typeof version === 'number' || typeof version === 'string'
  if (isVersion && version !== PROTOCOL_VERSION) {
    const theirs = String(version).slice(0, 20)
    throw new ChatError(
      'protocol-version',
      `The client speaks protocol version ${theirs}, this server version ${PROTOCOL_VERSION}.`,
    )
  }
  const parsed = schema.safeParse(auth)
  if (!parsed.success) throw badRequest(parsed.error.issues)
  return parsed.data
}

/** Runs an admission as Socket.IO middleware; its error becomes the `connect_error`'s `data`. */
export function admitting(
  admit: () => Promise<void>,
  next: (error?: Error & { data?: unknown }) => void,
  { logger, refused }: { readonly logger: Logger; readonly refused: (code: ErrorCode) => void },
): void {
  admit().then(
    () => next(),
    (error: unknown) => {
      const wire = toWireError(error)
      if (wire === null)
        logger.error({ err: error instanceof Error ? error.name : typeof error }, 'a handshake failed')
      else refused(wire.code)
      const data = wire ?? INTERNAL
      next(Object.assign(new Error(data.message), { data }))
    },
  )
}
