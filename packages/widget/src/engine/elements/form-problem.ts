/** Words for what is wrong with a form's field. */
import { type Form, type FormField, formProblem, LIMITS } from '@chat-widget/protocol'
import type { FormStrings } from '../../locales/parts/form.ts'

/** `isUnreadable`: the browser could not read what was typed, as in a field for numbers. */
export function problemText(
  form: Form,
  field: FormField,
  value: string,
  isUnreadable: boolean,
  strings: FormStrings,
): string | null {
  const found = formProblem({ ...form, fields: [field] }, { [field.name]: value })
  switch (isUnreadable ? 'malformed' : found?.problem) {
    case undefined:
      return null
    case 'missing':
      return field.type === 'select' ? strings.formNotChosen : strings.formMissing
    case 'too-long':
      return strings.formTooLong(field.type === 'textarea' ? LIMITS.longAnswerLength : LIMITS.answerLength)
    default:
      return malformedText(field, strings)
  }
}

function malformedText({ type }: FormField, strings: FormStrings): string {
  switch (type) {
    case 'email':
      return strings.formBadEmail
    case 'tel':
      return strings.formBadPhone
    case 'number':
      return strings.formBadNumber
    case 'date':
      return strings.formBadDate
    case 'select':
      return strings.formNotChosen
    case 'text':
    case 'textarea':
      return strings.formOneLine
    default:
      return type satisfies never
  }
}
