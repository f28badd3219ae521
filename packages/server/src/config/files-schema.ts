/** Schemas of `files`: what an app accepts, and where the server keeps it. */
import { z } from 'zod'
import { DEFAULT_FILES, MOST_BYTES } from './files-limits.ts'
import { unlessWrong } from './unless-wrong.ts'
import { problemOfUrl } from './urls.ts'

/** A type, or one with `*` after its slash. */
const MEDIA_TYPE_PATTERN = /^[a-z]+\/(\*|[a-z0-9][a-z0-9.+-]*)$|^\*\/\*$/

const positive = z.int().min(1)

/** `false`: the app takes no files. */
export const appFiles = z.union(
  [
    z.strictObject({
      maxBytes: positive.max(MOST_BYTES, `must be at most ${MOST_BYTES}`).default(DEFAULT_FILES.maxBytes),
      types: z
        .array(
          z
            .string()
            .toLowerCase()
            .regex(MEDIA_TYPE_PATTERN, 'must be a media type, e.g. application/pdf, image/* or */*'),
        )
        .min(1, 'must list at least one type; write "files": false to take none')
        .default([...DEFAULT_FILES.types]),
      visitorFilesPerDay: positive.default(DEFAULT_FILES.visitorFilesPerDay),
      visitorBytesPerDay: positive.default(DEFAULT_FILES.visitorBytesPerDay),
      totalBytes: positive.default(DEFAULT_FILES.totalBytes),
    }),
    z.literal(false),
  ],
  { error: 'must be an object, or false' },
)

const s3 = z
  .strictObject({
    bucket: z.string().min(3).max(63),
    region: z.string().min(1),
    endpoint: z
      .string()
      .superRefine((value, ctx) => {
        const problem = problemOfUrl(value)
        if (problem !== undefined) ctx.addIssue(problem)
      })
      .exactOptional(),
    prefix: z
      .string()
      .regex(
        /^(\w[\w.-]*\/)*$/,
        'must be folders of letters, digits and . _ -, each with a slash at its end, e.g. chat/',
      )
      .default(''),
    accessKeyId: z.string().min(1).exactOptional(),
    secretAccessKey: z.string().min(1).exactOptional(),
  })
  .superRefine(
    ({ accessKeyId, secretAccessKey }, ctx) => {
      if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
        ctx.addIssue({
          code: 'custom',
          path: [accessKeyId === undefined ? 'accessKeyId' : 'secretAccessKey'],
          message: 'missing; give both, or none to use those of the machine',
        })
    },
    unlessWrong('accessKeyId', 'secretAccessKey'),
  )

const timeoutMs = z.int().min(1_000).max(120_000).default(30_000)
const scanner = z.union(
  [
    z.strictObject({ command: z.array(z.string().min(1)).min(1), timeoutMs }),
    z.strictObject({
      url: z.string().superRefine((value, ctx) => {
        const problem = problemOfUrl(value)
        if (problem !== undefined) ctx.addIssue(problem)
      }),
      timeoutMs,
    }),
  ],
  { error: 'must have a command (a list: program, then arguments) or a url' },
)

export const serverFiles = z
  .strictObject({
    folder: z.string().min(1).exactOptional(),
    s3: s3.exactOptional(),
    scanner: scanner.exactOptional(),
  })
  .superRefine(({ folder, s3: bucket }, ctx) => {
    if (folder !== undefined && bucket !== undefined)
      ctx.addIssue({ code: 'custom', path: ['s3'], message: 'cannot stand beside folder' })
  }, unlessWrong())
