/** A form, which the visitor answers once. */
import { z } from 'zod'
import * as LIMITS from '../limits.ts'
import { plainName } from '../plain-name.ts'
import { choice, label, line } from './choice.ts'
import { from, type KindDefinition } from './kind.ts'
import type { WireType } from './schema-parts.ts'

const FIELD_TYPES = ['text', 'email', 'tel', 'number', 'date', 'select', 'textarea'] as const

const field = z
  .strictObject({
    name: z
      .string()
      .max(LIMITS.fieldNameLength)
      .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must be letters, digits, - and _, beginning with a letter')
      // Programs may look it up in a plain object.
      .refine((name) => !(name in {}), 'is a name that objects have'),
    label: line(LIMITS.fieldLabelLength),
    type: z.enum(FIELD_TYPES),
    required: z.boolean().optional(),
    options: z
      .array(choice)
      .min(1)
      .max(LIMITS.fieldOptions)
      .describe('what a `select` offers; no other type has them')
      .optional(),
  })
  .superRefine(({ type, options }, ctx) => {
    if ((type === 'select') !== (options !== undefined))
      ctx.addIssue({
        code: 'custom',
        path: ['options'],
        message: type === 'select' ? 'missing' : 'belongs to select',
      })
    if (hasTwice(options?.map(({ value }) => value)))
      ctx.addIssue({ code: 'custom', path: ['options'], message: 'has a value twice' })
  })
export type FormField = WireType<z.output<typeof field>>

export const form = z.strictObject({
  title: line(LIMITS.titleLength).optional(),
  fields: z
    .array(field)
    .min(1)
    .max(LIMITS.formFields)
    .refine((fields) => !hasTwice(fields.map(({ name }) => name)), 'has a name twice'),
  submit: label.describe('label of the button'),
})
export type Form = WireType<z.output<typeof form>>

const posted = z.strictObject({ form })

export const formKind = {
  details: z.object({ form }),
  posted: from(['agent', 'bot', 'rest'], posted),
  fallback: ({ form: { title, fields } }: { readonly form: Form }) =>
    [
      ...(title === undefined ? [] : [plainName(title)]),
      ...fields.map(({ label }) => `- ${plainName(label)}`),
    ].join('\n'),
} as const satisfies KindDefinition

const hasTwice = (names: readonly string[] = []) => new Set(names).size < names.length
