/** Answers to forms in the console: the values by the fields' labels. */
import { type FormField, type Message, plainName } from '@chat-widget/protocol'
import { html } from 'lit'
import type { ConsoleKind } from './console-kind.ts'
import { textBubble } from './text.ts'

function given({ name, label, options }: FormField, values: Message<'form-answer'>['values']) {
  const value = values[name] ?? ''
  const chosen = options?.find((option) => option.value === value)
  return html`<div>
    <dt dir="auto">${plainName(label)}</dt>
    <dd dir="auto">${chosen === undefined ? value : plainName(chosen.label)}</dd>
  </div>`
}

export const formAnswer: ConsoleKind<'form-answer'> = {
  shape: 'bubble',
  describe: ({ text }) => text.replaceAll('\n', ' · '),
  draw({ to, values, text }, { sentAt, answers }) {
    const form = answers.formOf(to)?.form
    // The server names the fields in the text: enough where the form is not loaded.
    if (form === undefined) return textBubble(text, sentAt)
    const fields = form.fields.filter(({ name }) => (values[name] ?? '').trim() !== '')
    return html`<dl class="bubble values" title=${sentAt}>${fields.map((field) => given(field, values))}</dl>`
  },
  drawPending: ({ values }, { sentAt = '' }) => textBubble(Object.values(values).join('\n'), sentAt),
}
