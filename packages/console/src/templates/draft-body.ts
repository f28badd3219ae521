/** A message's content while it is written: what is optional is an empty text, and a button's address may be missing. */
import type { MessageTemplate } from '@chat-widget/protocol'
import { type Card, type Choice, type Form, type FormField, LIMITS } from '@chat-widget/protocol'

export type TemplateBody = MessageTemplate['body']

export interface DraftButton {
  readonly label: string
  /** Without one, the button answers. */
  readonly url: string
  /** For programs, if it differs from the label. */
  readonly value: string
}

export interface DraftCard {
  readonly title: string
  readonly text: string
  readonly picture: string
  readonly alt: string
  readonly buttons: readonly DraftButton[]
}

export interface DraftField {
  readonly name: string
  readonly label: string
  readonly type: FormField['type']
  readonly required: boolean
  /** Labels, one a line. */
  readonly options: string
}

export interface DraftForm {
  readonly title: string
  readonly fields: readonly DraftField[]
  readonly submit: string
}

export type DraftBody =
  | { readonly kind: 'text'; readonly text: string; readonly replies: readonly Choice[] }
  | { readonly kind: 'cards'; readonly cards: readonly DraftCard[] }
  | { readonly kind: 'form'; readonly form: DraftForm }

export const EMPTY_BUTTON: DraftButton = { label: '', url: '', value: '' }
export const EMPTY_CARD: DraftCard = { title: '', text: '', picture: '', alt: '', buttons: [] }
const EMPTY_FIELD: Omit<DraftField, 'name'> = { label: '', type: 'text', required: false, options: '' }

/** With a name that no other field of the form has. */
export function newField(fields: readonly DraftField[]): DraftField {
  const isTaken = (name: string) => fields.some((field) => field.name === name)
  let number = fields.length + 1
  while (isTaken(`field-${number}`)) number += 1
  return { ...EMPTY_FIELD, name: `field-${number}` }
}

export function emptyDraft(kind: DraftBody['kind'], submit: string): DraftBody {
  switch (kind) {
    case 'text':
      return { kind, text: '', replies: [] }
    case 'cards':
      return { kind, cards: [EMPTY_CARD] }
    case 'form':
      return { kind, form: { title: '', fields: [newField([])], submit } }
    default:
      return kind satisfies never
  }
}

const draftButton = (button: Card['buttons'][number]): DraftButton =>
  'url' in button
    ? { ...button, value: '' }
    : { label: button.label, url: '', value: button.value === button.label ? '' : button.value }

export function draftOf(body: TemplateBody): DraftBody {
  if ('cards' in body)
    return {
      kind: 'cards',
      cards: body.cards.map(({ title, text = '', image, buttons }) => ({
        ...{ title, text, picture: image?.url ?? '', alt: image?.alt ?? '' },
        buttons: buttons.map(draftButton),
      })),
    }
  if ('form' in body) {
    const { title = '', fields, submit } = body.form
    return {
      kind: 'form',
      form: {
        ...{ title, submit },
        fields: fields.map(({ name, label, type, required = false, options = [] }) => ({
          ...{ name, label, type, required },
          options: options.map((option) => option.label).join('\n'),
        })),
      },
    }
  }
  if ('text' in body) return { kind: 'text', text: body.text, replies: body.quickReplies ?? [] }
  return { kind: 'text', text: body.login.text, replies: [] }
}

const unlessEmpty = <Key extends string>(key: Key, value: string) =>
  (value.trim() === '' ? {} : { [key]: value }) as { readonly [K in Key]?: string }

const buttonOf = ({ label, url, value }: DraftButton): Card['buttons'][number] =>
  url.trim() === '' ? { label, value: value || label } : { label, url: url.trim() }

const cardOf = ({ title, text, picture, alt, buttons }: DraftCard): Card => ({
  title,
  ...unlessEmpty('text', text),
  ...(picture.trim() === '' ? {} : { image: { url: picture.trim(), alt } }),
  buttons: buttons.map(buttonOf),
})

/** Lines, each once. */
const optionsIn = (text: string): readonly Choice[] =>
  [...new Set(text.split('\n').map((line) => line.trim()))]
    .filter((label) => label !== '')
    .slice(0, LIMITS.fieldOptions)
    .map((label) => ({ label, value: label }))

/** `before`: the form as it was, whose options keep their values. */
function formOf({ title, fields, submit }: DraftForm, before: Form | undefined): Form {
  const valueIn = (name: string, label: string) =>
    before?.fields.find((field) => field.name === name)?.options?.find((option) => option.label === label)
      ?.value
  return {
    ...unlessEmpty('title', title),
    fields: fields.map(({ name, label, type, required, options }) => ({
      ...{ name, label, type },
      ...(required ? { required } : {}),
      ...(type === 'select'
        ? {
            options: optionsIn(options).map((option) => ({
              ...option,
              value: valueIn(name, option.label) ?? option.value,
            })),
          }
        : {}),
    })),
    submit,
  }
}

/** The body as it is sent. `before`: as it was when it began to be edited; what is not edited of it is kept. */
export function bodyOf(draft: DraftBody, before: TemplateBody | null): TemplateBody {
  switch (draft.kind) {
    case 'text': {
      const format = before !== null && 'text' in before ? before.format : undefined
      const { text, replies } = draft
      return {
        text,
        ...(format === undefined ? {} : { format }),
        ...(replies.length === 0 ? {} : { quickReplies: replies }),
      }
    }
    case 'cards':
      return { cards: draft.cards.map(cardOf) }
    case 'form':
      return { form: formOf(draft.form, before !== null && 'form' in before ? before.form : undefined) }
    default:
      return draft satisfies never
  }
}
