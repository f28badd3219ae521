/** Returns: the form, and what is said to its answer. */
import type { BotAnswerItem } from '@chat-widget/protocol'

const BROKE = 'broke'
const REASONS = [
  { label: 'It does not fit', value: 'fit' },
  { label: 'It broke', value: BROKE },
  { label: 'I changed my mind', value: 'mind' },
]

/** `text`: the message that asks for it. The form's title names its order, if it has one. */
export function returnForm(text: string): BotAnswerItem {
  const order = /nw-\d+/i.exec(text)?.[0].toUpperCase()
  return {
    form: {
      title: order === undefined ? 'Send something back' : `Send ${order} back`,
      fields: [
        ...(order === undefined
          ? [{ name: 'order', label: 'Order number', type: 'text' as const, required: true }]
          : []),
        { name: 'reason', label: 'What is wrong?', type: 'select', required: true, options: REASONS },
        { name: 'note', label: 'Anything else?', type: 'textarea' },
      ],
      submit: 'Send',
    },
  }
}

export function describeReturn(values: Readonly<Record<string, unknown>>): string {
  const { order, reason } = values
  const which = typeof order === 'string' ? ` of ${order}` : ''
  const picture = reason === BROKE ? ' If you have a picture of it, send it right here.' : ''
  return `Thank you. Your return${which} is noted, and the label is in your mail.${picture}`
}
