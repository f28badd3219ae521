/** A key for signing by the Standard Webhooks scheme. */
import { z } from 'zod'

/** The least that the scheme allows for a symmetric key. */
const MIN_BYTES = 24

export const webhookSecret = z.string().superRefine((value, ctx) => {
  // The value itself is a secret: no message repeats it.
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1]
  if (encoded === undefined) ctx.addIssue('must be whsec_ followed by base64')
  else if (Buffer.from(encoded, 'base64').length < MIN_BYTES)
    ctx.addIssue(`must hold at least ${MIN_BYTES} bytes`)
})
