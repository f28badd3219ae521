/** Schemas of what visitors are shown of an app: `appearance`, `hours`, and forms. */
import { type Form, LIMITS, type PreChatForm } from '@chat-widget/protocol'
import { appearance, outOfHoursForm, preChatForm } from '@chat-widget/protocol/schemas'
import { z } from 'zod'
import { daysOf, readHours } from '../availability/hours.ts'
import { isTimeZone } from '../availability/time-zone.ts'
import { unlessWrong } from './unless-wrong.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/

/** False for a 30th of February, which JavaScript reads as a day of March. */
const isDay = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

const times = z.string().refine((text) => readHours(text) !== null, 'must be times, e.g. 09:00-17:00')

const hours = z.strictObject({
  timeZone: z.string().refine(isTimeZone, 'must be a time zone, e.g. Europe/Berlin'),
  open: z
    .record(
      z.string(),
      z.union([times, z.array(times).min(1).max(10)], { error: 'must be times, or a list of them' }),
    )
    .superRefine((value, ctx) => {
      for (const key of Object.keys(value))
        if (daysOf(key) === null)
          ctx.addIssue({ code: 'custom', path: [key], message: 'must be days, e.g. sat or mon-fri' })
    }, unlessWrong())
    .exactOptional(),
  closed: z
    .array(z.string().refine((text) => DATE.test(text) && isDay(text), 'must be a day, e.g. 2026-12-25'))
    .max(400)
    .exactOptional(),
})

/** Keys of an app. Parsed forms have no key that is `undefined`. */
export const presentation = {
  appearance: appearance.exactOptional(),
  hours: hours.exactOptional(),
  preChat: (preChatForm as unknown as z.ZodType<PreChatForm>).exactOptional(),
  outOfHours: (outOfHoursForm as unknown as z.ZodType<Form>).exactOptional(),
}

/** Refuses what would be too much for each visitor, and a form that would never be shown. */
export function checkPresentation(
  { appearance, hours, preChat, outOfHours }: z.output<z.ZodObject<typeof presentation>>,
  ctx: z.RefinementCtx,
): void {
  const told = Buffer.byteLength(JSON.stringify({ ...appearance, preChat }))
  if (told > LIMITS.appearanceBytes)
    ctx.addIssue({
      code: 'custom',
      path: [preChat === undefined ? 'appearance' : 'preChat'],
      message: `is more than ${LIMITS.appearanceBytes} bytes${preChat === undefined ? '' : ' with appearance'}`,
    })
  if (outOfHours !== undefined && hours === undefined)
    ctx.addIssue({ code: 'custom', path: ['hours'], message: 'missing; outOfHours is shown by them' })
}
