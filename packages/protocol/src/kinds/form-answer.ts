/** A visitor's answer to a form. The server checks it against the form, and gives it its text. */
import { z } from 'zod'
import type { FormValues } from '../form-values.ts'
import * as LIMITS from '../limits.ts'
import { plainName } from '../plain-name.ts'
import { place } from './choice.ts'
import type { Form } from './form.ts'
import { from, type KindDefinition } from './kind.ts'

const posted = z.strictObject({
  to: place.describe('the seq of the form'),
  values: z.record(z.string().max(LIMITS.fieldNameLength), z.string().max(LIMITS.longAnswerLength)),
})

export const formAnswerKind = {
  details: z.object(posted.shape),
  posted: from(['visitor'], posted),
  /** Without the form, fields go by their names. */
  fallback: ({ values, form }: { readonly values: FormValues; readonly form?: Form }) =>
    Object.entries(values)
      .map(([name, value]) => {
        const field = form?.fields.find((each) => each.name === name)
        const option = field?.options?.find((each) => each.value === value)
        const label = plainName(field?.label ?? name)
        // A question has its own sign.
        const colon = /[?:!？：]$/.test(label) ? '' : ':'
        return `${label}${colon} ${option === undefined ? value : plainName(option.label)}`
      })
      .join('\n'),
} as const satisfies KindDefinition
