/** Bodies of every kind, as the schemas accept them: for property tests. */
import { LIMITS, type PostedBody } from '@chat-widget/protocol'
import { agentSendRequest } from '@chat-widget/protocol/schemas'
import fc from 'fast-check'

const some = (most: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => text.slice(0, most))
const line = (most: number) =>
  some(most).filter((text) => text.trim() !== '' && !/[\p{Cc}\u2028\u2029]/u.test(text))
const text = fc
  .oneof(
    some(LIMITS.textLength),
    fc.constantFrom('**bold**', '<script>alert(1)</script>', '\u202Eabc', '__proto__'),
  )
  .filter((written) => written.trim() !== '')
/** `fc.webUrl()` makes a table of all characters each time it is called, which takes longer than a test. */
const url = (schemes: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...schemes),
      fc.constantFrom('example.com', 'a.b.example.co.uk', 'xn--bcher-kva.example', '127.0.0.1:8080', '[::1]'),
      fc.array(fc.constantFrom(...'aZ09-._~!$&()*+,;=:@/', '%20', '%C3%A4', '?', '#'), { maxLength: 30 }),
    )
    .map(([scheme, host, path]) => `${scheme}://${host}/${path.join('')}`)
const choice = fc.record({ label: line(LIMITS.buttonLength), value: some(LIMITS.valueLength) })
const optional = { requiredKeys: [] as never[] }
const textBody = fc
  .record(
    {
      format: fc.constantFrom('plain', 'markdown'),
      quickReplies: fc.array(choice, { minLength: 1, maxLength: LIMITS.quickReplies }),
    },
    optional,
  )
  .chain((more) => text.map((written) => ({ text: written, ...more })))
const button = fc.oneof(choice, fc.record({ label: line(LIMITS.buttonLength), url: url(['http', 'https']) }))
const card = fc.record(
  {
    title: line(LIMITS.titleLength),
    text,
    image: fc.record({
      url: url(['https']),
      alt: line(LIMITS.altLength),
    }),
    buttons: fc.array(button, { maxLength: LIMITS.cardButtons }),
  },
  { requiredKeys: ['title', 'buttons'] },
)
const field = fc
  .record({
    label: line(LIMITS.fieldLabelLength),
    type: fc.constantFrom('text', 'email', 'tel', 'number', 'date', 'select', 'textarea'),
    required: fc.boolean(),
    options: fc.uniqueArray(choice, { minLength: 1, maxLength: 5, selector: ({ value }) => value }),
  })
  .map(({ options, ...rest }) => (rest.type === 'select' ? { ...rest, options } : rest))
const form = fc.record(
  {
    title: line(LIMITS.titleLength),
    fields: fc
      .array(field, { minLength: 1, maxLength: LIMITS.formFields })
      .map((fields) => fields.map((each, index) => ({ name: `field-${index}`, ...each }))),
    submit: line(LIMITS.buttonLength),
  },
  { requiredKeys: ['fields', 'submit'] },
)

const { body } = agentSendRequest.shape

/** Of the agents' side. */
export const postedBodies: fc.Arbitrary<PostedBody> = fc
  .oneof(
    textBody,
    fc.record({ cards: fc.array(card, { minLength: 1, maxLength: LIMITS.cards }) }),
    fc.record({ form }),
  )
  .map((posted) => body.parse(posted))

/** What a hostile sender may post. */
export const HOSTILE_BODIES: readonly (readonly [string, object])[] = [
  ['nothing', {}],
  ['no text', { text: '' }],
  ['a text of another type', { text: { toString: 'x' } }],
  ['a text that is too long', { text: 'x'.repeat(LIMITS.textLength + 1) }],
  ['a format that there is not', { text: 'x', format: 'html' }],
  ['two kinds in one', { text: 'x', cards: [{ title: 'x', buttons: [] }] }],
  ['a kind of its own', { kind: 'event', text: 'x' }],
  ['an event', { event: { type: 'closed' } }],
  ['an author', { text: 'x', author: { kind: 'agent' } }],
  ['an empty list of cards', { cards: [] }],
  [
    'too many cards',
    { cards: Array.from({ length: LIMITS.cards + 1 }, () => ({ title: 'x', buttons: [] })) },
  ],
  ['a card of HTML', { cards: [{ title: 'x', html: '<b>x</b>', buttons: [] }] }],
  ['a title of two lines', { cards: [{ title: 'x\ny', buttons: [] }] }],
  [
    'a button that runs a script',
    { cards: [{ title: 'x', buttons: [{ label: 'x', url: 'javascript:alert(1)' }] }] },
  ],
  [
    'a button of two meanings',
    { cards: [{ title: 'x', buttons: [{ label: 'x', url: 'https://a.b', value: 'x' }] }] },
  ],
  ['a picture without its text', { cards: [{ title: 'x', image: { url: 'https://a.b/c' }, buttons: [] }] }],
  ['a picture by http', { cards: [{ title: 'x', image: { url: 'http://a.b/c', alt: 'x' }, buttons: [] }] }],
  ['a form without fields', { form: { fields: [], submit: 'x' } }],
  ['a form without a button', { form: { fields: [{ name: 'x', label: 'x', type: 'text' }] } }],
  ['a field of a type that there is not', formOf({ type: 'password' })],
  ['a field whose name an object has', formOf({ name: '__proto__' })],
  ['a field that is named constructor', formOf({ name: 'constructor' })],
  ['a select without options', formOf({ type: 'select' })],
  ['options of a text', formOf({ options: [{ label: 'x', value: 'x' }] })],
  ['an option twice', formOf({ type: 'select', options: [choiceOf('x'), choiceOf('x')] })],
  ['a name twice', { form: { fields: [fieldOf({}), fieldOf({})], submit: 'x' } }],
  ['a label of no end', formOf({ label: 'x'.repeat(LIMITS.fieldLabelLength + 1) })],
]

function fieldOf(change: object) {
  return { name: 'x', label: 'x', type: 'text', ...change }
}
function formOf(change: object) {
  return { form: { fields: [fieldOf(change)], submit: 'x' } }
}
function choiceOf(value: string) {
  return { label: 'x', value }
}
