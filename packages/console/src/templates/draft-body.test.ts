import { expect, it } from 'vitest'
import { bodyOf, draftOf, newField, type TemplateBody } from './draft-body.ts'

const BODIES: readonly TemplateBody[] = [
  { text: '**Hi**', format: 'plain', quickReplies: [{ label: 'Yes', value: 'y' }] },
  { text: 'Hi' },
  {
    cards: [
      {
        title: 'Tent',
        text: 'Light',
        image: { url: 'https://a.example/t.png', alt: 'A tent' },
        buttons: [
          { label: 'Look', url: 'https://a.example' },
          { label: 'Buy', value: 'buy-tent' },
          { label: 'Later', value: 'Later' },
        ],
      },
      { title: 'Stove', buttons: [] },
    ],
  },
  {
    form: {
      title: 'Return',
      fields: [
        { name: 'order', label: 'Order', type: 'text', required: true },
        { name: 'why', label: 'Why', type: 'select', options: [{ label: 'Too small', value: 's' }] },
      ],
      submit: 'Send',
    },
  },
]

it.each(BODIES)('[MK4] what is opened and saved again is the same: %j', (body) => {
  expect(bodyOf(draftOf(body), body)).toEqual(body)
})

it('an answer’s value is its label, unless programs have another; options are lines, each once', () => {
  const { cards } = bodyOf(
    {
      kind: 'cards',
      cards: [
        { title: 'T', text: ' ', picture: ' ', alt: '', buttons: [{ label: 'Yes', url: '', value: '' }] },
      ],
    },
    null,
  ) as Extract<TemplateBody, { cards: unknown }>
  expect(cards).toEqual([{ title: 'T', buttons: [{ label: 'Yes', value: 'Yes' }] }])
  const field = { ...newField([]), label: 'Size', type: 'select', options: 'S\n\n M \nS' } as const
  const { form } = bodyOf(
    { kind: 'form', form: { title: '', fields: [field], submit: 'Send' } },
    null,
  ) as Extract<TemplateBody, { form: unknown }>
  expect(form.fields[0]?.options).toEqual([
    { label: 'S', value: 'S' },
    { label: 'M', value: 'M' },
  ])
})

it('[MK8] no two fields have one name', () => {
  const one = newField([])
  const two = newField([one])
  expect([one.name, two.name, newField([two]).name]).toEqual(['field-1', 'field-2', 'field-3'])
})
