/** Checks a form's values: in the chat before they are sent, and on the server, which decides. */
import { readEmailAddress } from './email-address.ts'
import type { Form, FormField } from './kinds/form.ts'
import * as LIMITS from './limits.ts'

/** By the fields' names. A number is text in decimal notation, a date `YYYY-MM-DD`. */
export type FormValues = Readonly<Record<string, string>>

export interface FormProblem {
  readonly name: string
  readonly problem: 'unknown' | 'missing' | 'too-long' | 'malformed'
}

/** Returns the first problem, by the order of the fields; `null`: none. A blank value is none. */
export function formProblem({ fields }: Form, values: FormValues): FormProblem | null {
  for (const field of fields) {
    const { name } = field
    const problem = problemOf(field, Object.hasOwn(values, name) ? (values[name] ?? '') : '')
    if (problem !== null) return { name, problem }
  }
  const unknown = Object.keys(values).find((name) => !fields.some((field) => field.name === name))
  return unknown === undefined ? null : { name: unknown, problem: 'unknown' }
}

function problemOf(field: FormField, value: string): FormProblem['problem'] | null {
  if (value.trim() === '') return field.required === true ? 'missing' : null
  if (value.length > (field.type === 'textarea' ? LIMITS.longAnswerLength : LIMITS.answerLength))
    return 'too-long'
  return isOfType(field, value) ? null : 'malformed'
}

function isOfType({ type, options }: FormField, value: string): boolean {
  switch (type) {
    case 'textarea':
      return true
    case 'text':
      return !/[\n\r]/.test(value)
    case 'email':
      return readEmailAddress(value) !== null
    case 'tel':
      return /^\+?[\d\s()./-]*$/.test(value) && /\d{2}/.test(value)
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value)
    case 'date':
      return isDate(value)
    case 'select':
      return options?.some((option) => option.value === value) === true
    default:
      return type satisfies never
  }
}

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}
