/** Requests of the console about templates: messages that agents keep to send again. */
import { z } from 'zod'
import type { TemplateId } from '../ids.ts'
import { line } from '../kinds/choice.ts'
import { postedBy } from '../kinds/message.ts'
import * as LIMITS from '../limits.ts'
import { uuid } from './common.ts'

const app = z.string().max(LIMITS.nameLength)
const id = uuid<TemplateId>()

export const listTemplatesRequest = z.strictObject({ app })
export type ListTemplatesRequest = z.input<typeof listTemplatesRequest>

/** Replaces the template of the same id, if there is one. */
export const saveTemplateRequest = z.strictObject({
  app,
  /** Made by the console. */
  id,
  name: line(LIMITS.nameLength),
  body: z
    .union(postedBy('agent', {}))
    .refine((body) => !('file' in body), 'must not be a file, which is sent once'),
})
export type SaveTemplateRequest = z.input<typeof saveTemplateRequest>

export const deleteTemplateRequest = z.strictObject({ app, id })
export type DeleteTemplateRequest = z.input<typeof deleteTemplateRequest>
