/** Checks an answer against the message that it answers. */
import { choicesOf, formProblem, type MessageContent } from '@chat-widget/protocol'
import { KINDS } from '@chat-widget/protocol/schemas'

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
  const [first] = offered
  if (first === undefined) return refused('reply: the message does not offer this value')
  // Agents read the text, bots the value: a text of the visitor's own could say something else.
  const { label } = offered.find((choice) => choice.label === body.text) ?? first
  return { ok: true, body: { ...body, text: label } }
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
