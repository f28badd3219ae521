import { describe, expect, it } from 'vitest'
import { type Form, formProblem } from './index.ts'

const form: Form = {
  fields: [
    { name: 'name', label: 'Name', type: 'text', required: true },
    { name: 'email', label: 'Email', type: 'email' },
    { name: 'phone', label: 'Phone', type: 'tel' },
    { name: 'count', label: 'How many', type: 'number' },
    { name: 'day', label: 'Day', type: 'date' },
    {
      ...{ name: 'size', label: 'Size', type: 'select' },
      options: [
        { label: 'Small', value: 's' },
        { label: 'Large', value: 'l' },
      ],
    },
    { name: 'more', label: 'More', type: 'textarea' },
  ],
  submit: 'Send',
}

const problemWith = (values: Record<string, string>) => formProblem(form, { name: 'Ann', ...values })

describe('[MK8] the values of a form', () => {
  it.each<Record<string, string>>([
    {},
    { email: 'ann@example.com', phone: '+49 (30) 12-34', count: '-1.5', day: '2028-02-29', size: 'l' },
    { more: 'one\ntwo' },
    { email: '', count: '  ', more: 'x'.repeat(4_000) },
  ])('may be %j', (values) => {
    expect(problemWith(values)).toBeNull()
  })

  it.each<[string, string, string]>([
    ['name', ' ', 'missing'],
    ['name', 'x'.repeat(501), 'too-long'],
    ['name', 'one\ntwo', 'malformed'],
    ['more', 'x'.repeat(4_001), 'too-long'],
    ['email', 'ann@', 'malformed'],
    ['email', 'ann@example.com, bob@example.com', 'malformed'],
    ['phone', 'call me', 'malformed'],
    ['phone', '+', 'malformed'],
    ['count', '1e5', 'malformed'],
    ['count', 'NaN', 'malformed'],
    ['count', '0x10', 'malformed'],
    ['day', '2027-02-29', 'malformed'],
    ['day', '29.2.2028', 'malformed'],
    ['size', 'm', 'malformed'],
    ['size', 'Small', 'malformed'],
    ['toString', 'x', 'unknown'],
    ['admin', 'true', 'unknown'],
  ])('are refused with %s = %j', (name, value, problem) => {
    expect(problemWith({ [name]: value })).toEqual({ name, problem })
  })
})
