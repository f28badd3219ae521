/** `<chat-widget-form>`: fields to fill in once; then it shows what was given. */
import { type FormDraft, formDraft } from '@chat-widget/client/conversations'
import { type FormField, type FormValues, type Message, plainName } from '@chat-widget/protocol'
import { english } from '../../locales/parts/form.ts'
import { html, nothing } from '../lit.ts'
import { partStrings } from '../load-strings.ts'
import { ask } from '../panel-request.ts'
import { buttonStyles } from './button.styles.ts'
import { formCardStyles } from './chat-form.styles.ts'
import { directionOfText } from './dom.ts'
import { problemText } from './form-problem.ts'
import { iconTemplate } from './icon-template.ts'
import { TemplateElement } from './template-element.ts'

const check = 'M5 12.5l4.5 4.5L19 7.5'

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** Client id of a pre-chat form that is not stored yet. */
const PRE_CHAT = 'pre-chat'

/** True if all that was typed is what was given. */
const isSame = (typed: FormDraft['values'], given: FormValues): boolean =>
  Object.entries(typed).every(([name, value]) => value.trim() === (given[name] ?? '').trim())

/**
 * @csspart card - The card around the fields.
 * @csspart card-button - The button that sends them.
 */
export class ChatForm extends TemplateElement {
  static override css = buttonStyles + formCardStyles
  static override defaults = {
    message: null,
    given: null,
    isAnswered: false,
    problems: {},
  } satisfies Partial<ChatForm>

  declare message: Message<'form'> | null
  /** Values of the answer; `null`: there is none yet. */
  declare given: FormValues | null
  /** True once the server has the answer. */
  declare isAnswered: boolean
  /** Sentences by the fields' names; under the empty name, of the whole form. */
  declare problems: Readonly<Record<string, string>>
  /** Typed values; `null`: nothing can be kept. */
  #draft: FormDraft | null = null
  #hadFocus = false
  #isDrawn = false
  /** False for a form that was answered before it was drawn: screen readers read a new live region that has content. */
  #isLive = false

  override focus(options?: FocusOptions): void {
    const find = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector)
    const target = find('input, select, textarea') ?? find('.card')
    target?.focus(options)
  }

  /** The form comes after the chat was opened: whoever has gone nowhere else begins in it ([WH4]). */
  #beginHere(): void {
    const root = this.getRootNode() as ShadowRoot
    const isWaited = root.host?.hasAttribute('data-first') && root.activeElement?.part.contains('messages')
    if (isWaited) this.focus({ preventScroll: true })
  }

  protected override willUpdate(): void {
    this.#isLive ||= this.given === null
    this.#hadFocus = this.#focused
    this.#keepDraft()
  }

  /** Of the one who types: the next visitor's form has another ([ID12]). */
  #keepDraft(): void {
    const { message } = this
    if (message === null) return
    // One of the opening is not stored: its id is another one after a reload.
    const form = message.clientId === PRE_CHAT ? PRE_CHAT : message.id
    const update = () => this.requestUpdate()
    ask(this, {
      type: 'read',
      use: (client) => {
        this.#draft = formDraft(client, form, update)
        if (!this.isAnswered) return
        this.#draft.drop()
        // Stored with its answer, the form of the opening is another message.
        const opening = formDraft(client, PRE_CHAT, update)
        if (isSame(opening.values, this.given ?? {})) opening.drop()
      },
    })
  }

  /** Keeps the focus in the conversation when the focused button is removed. */
  protected override updated(): void {
    if (!this.#isDrawn) this.#beginHere()
    this.#isDrawn = true
    if (this.#hadFocus && !this.#focused) this.renderRoot.querySelector<HTMLElement>('.card')?.focus()
  }

  protected override render() {
    const { message, given } = this
    if (message === null) return nothing
    const { title, fields, submit } = message.form
    const strings = partStrings(english, this.words)
    const typed = this.#draft?.values ?? {}
    const heading = title === undefined ? nothing : html`<strong dir="auto">${plainName(title)}</strong>`
    return html`<div class="card" part="card" tabindex="-1" role="group" aria-label=${plainName(title ?? submit)}>
      ${heading}
      ${
        given === null
          ? html`<form novalidate @submit=${this.#submit} @input=${this.#input}>
              ${fields.map((field) => this.#field(field, typed[field.name] ?? ''))}
              <div role="alert">${this.#problem('')}</div>
              <button type="submit" class="button" part="card-button" dir="auto">${plainName(submit)}</button>
            </form>`
          : this.#given(fields, given)
      }
      <div class="status" role=${this.#isLive ? 'status' : nothing}>${
        given !== null && this.isAnswered ? html`${iconTemplate(check)}${strings.formSent}` : nothing
      }</div>
    </div>`
  }

  #field(field: FormField, value: string) {
    const strings = partStrings(english, this.words)
    const { name, label, required } = field
    return html`<div class="field">
      <label for=${name}
        ><bdi>${plainName(label)}</bdi>${
          required ? nothing : html` <span class="optional">${strings.formOptional}</span>`
        }</label
      >
      ${this.#control(field, value)}
      <div id="problem-${name}">${this.#problem(name)}</div>
    </div>`
  }

  #control({ name, type, required, options = [] }: FormField, value: string) {
    const isBad = this.problems[name] !== undefined
    const invalid = isBad ? 'true' : nothing
    const described = isBad ? `problem-${name}` : nothing
    const must = required ? 'true' : nothing
    if (type === 'select')
      return html`<div class="select">
        <select
          class="input"
          id=${name}
          name=${name}
          aria-invalid=${invalid}
          aria-describedby=${described}
          aria-required=${must}
        >
          <option value="" ?selected=${value === ''}>${partStrings(english, this.words).formChoose}</option>
          ${options.map(
            (option) =>
              html`<option value=${option.value} ?selected=${option.value === value}>
                ${plainName(option.label)}
              </option>`,
          )}
        </select>
      </div>`
    if (type === 'textarea')
      return html`<textarea
        class="input"
        id=${name}
        name=${name}
        rows="3"
        dir=${directionOfText(value)}
        .value=${value}
        aria-invalid=${invalid}
        aria-describedby=${described}
        aria-required=${must}
      ></textarea>`
    return html`<input
      class="input"
      id=${name}
      name=${name}
      type=${type}
      step=${type === 'number' ? 'any' : nothing}
      dir=${type === 'text' ? directionOfText(value) : nothing}
      autocomplete=${type === 'email' || type === 'tel' ? type : 'on'}
      .value=${value}
      aria-invalid=${invalid}
      aria-describedby=${described}
      aria-required=${must}
    />`
  }

  #problem(name: string) {
    const text = this.problems[name]
    return text === undefined ? nothing : html`<p class="problem">${text}</p>`
  }

  #given(fields: readonly FormField[], values: FormValues) {
    const isGiven = ({ name }: FormField) => (values[name] ?? '').trim() !== ''
    return html`<dl>
      ${fields.filter(isGiven).map(({ name, label, options }) => {
        const value = values[name] ?? ''
        const chosen = options?.find((option) => option.value === value)
        return html`<div>
          <dt dir="auto">${plainName(label)}</dt>
          <dd dir="auto">${chosen === undefined ? value : plainName(chosen.label)}</dd>
        </div>`
      })}
    </dl>`
  }

  #input = (event: Event): void => {
    const { message } = this
    const field = event.target as Field
    const { name, value } = field
    if (message === null) return
    if (field.matches('textarea, [type=text]')) field.dir = directionOfText(value)
    // Something that the visitor did, after which data may be stored.
    ask(this, { type: 'use', use: () => this.#draft?.set(name, value) })
    // What is being mended is no longer marked as wrong; it is checked again with the rest.
    const { [name]: _mended, '': _whole, ...rest } = this.problems
    if (_mended !== undefined || _whole !== undefined) this.problems = rest
  }

  #submit = (event: Event): void => {
    event.preventDefault()
    const { message } = this
    if (message === null) return
    const strings = partStrings(english, this.words)
    const { form, seq } = message
    const problems: Record<string, string> = {}
    const values: Record<string, string> = {}
    for (const field of form.fields) {
      const control = this.#controlOf(field.name)
      if (control === null) continue
      const problem = problemText(form, field, control.value, control.validity.badInput, strings)
      if (problem !== null) problems[field.name] = problem
      else if (control.value.trim() !== '') values[field.name] = control.value
    }
    if (Object.keys(problems).length === 0 && Object.keys(values).length === 0)
      problems[''] = strings.formEmpty
    this.problems = problems
    const [wrong] = Object.keys(problems)
    if (wrong === undefined) ask(this, { type: 'send', message: { to: seq, values } })
    // Once the sentence is there that describes the field.
    else void this.updateComplete.then(() => this.#controlOf(wrong)?.focus())
  }

  #controlOf(name: string): Field | null {
    return name === '' ? null : this.renderRoot.querySelector<Field>(`[name="${name}"]`)
  }

  get #focused(): boolean {
    return this.shadowRoot?.activeElement != null
  }
}

TemplateElement.define('chat-widget-form', ChatForm)
