/** Checks an answer against the message that it answers. */
import { choicesOf, formProblem, type MessageContent } from '@chat-widget/protocol'
import { KINDS } from '@chat-widget/protocol/schemas'
import { storable } from '../text/storable.ts'

export type CheckedAnswer =
  /** The answer as it is stored. */
  { readonly ok: true; readonly body: MessageContent } | { readonly ok: false; readonly problem: string }

const refused = (problem: string): CheckedAnswer => ({ ok: false, problem })

/** `target`: the message that it answers, or `undefined` for none of that seq. */
export function checkAnswer(body: MessageContent, target: MessageContent | undefined): CheckedAnswer {
  if (body.kind === 'form-answer') return checkValues(body, target)
  return body.kind === 'text' ? checkChoice(body, target) : { ok: true, body }
}

function checkChoice(body: MessageContent<'text'>, target: MessageContent | undefined): CheckedAnswer {
  const value = body.reply?.value
  const offered = (target === undefined ? [] : choicesOf(target)).filter((choice) => choice.value === value)
  if (offered.length === 0) return refused('reply: the message does not offer this value')
  // Agents read the text, bots the value.
  const isItsLabel = offered.some(({ label }) => storable(label) === storable(body.text))
  return isItsLabel ? { ok: true, body } : refused('text: must be the label of the value in reply')
}

function checkValues(body: MessageContent<'form-answer'>, target: MessageContent | undefined): CheckedAnswer {
  if (target?.kind !== 'form') return refused('to: the message is no form')
  const { form } = target
  const wrong = formProblem(form, body.values)
  if (wrong !== null) return refused(`values.${wrong.name}: ${wrong.problem}`)
  const names = form.fields.map(({ name }) => name).filter((name) => Object.hasOwn(body.values, name))
  if (names.length === 0) return refused('values: must not be empty')
  const values = Object.fromEntries(names.map((name) => [name, body.values[name] ?? '']))
  return { ok: true, body: { ...body, values, text: KINDS['form-answer'].fallback({ values, form }) } }
}
