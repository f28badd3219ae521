/** Dialog of an app's templates: choose one and send it, or keep another. */
import type { AgentTemplates } from '@chat-widget/client/agent'
import {
  type AppId,
  ChatError,
  LIMITS,
  type MessageTemplate,
  plainName,
  type TemplateId,
} from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { errorText } from '../format/error-text.ts'
import { icons } from '../icons.ts'
import { describeBody, drawPending } from '../kinds/index.ts'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { segmentStyles } from '../styles/segments.styles.ts'
import { type DraftBody, draftOf } from '../templates/draft-body.ts'
import { filled, type PlaceholderValues } from '../templates/placeholders.ts'
import { locale, words } from '../words/words.ts'
import type { BodyEditor } from './body-editor.ts'
import { MessageSendEvent, TemplateUseEvent } from './console-events.ts'
import { messageKindsStyles } from './message-kinds.styles.ts'
import { templateDialogStyles } from './template-dialog.styles.ts'
import { WordsElement } from './words-element.ts'

type View =
  | { readonly at: 'list' }
  | { readonly at: 'template'; readonly id: TemplateId; readonly isAsking: boolean }
  /** `id`: of the template that is changed; `null`: a new one. */
  | { readonly at: 'editor'; readonly id: TemplateId | null; readonly name: string }

type Loaded = readonly MessageTemplate[] | 'loading' | 'failed'

const KINDS = ['text', 'cards', 'form'] as const

/**
 * @event message-send - Send a template.
 * @event template-use - Put a template's text into the reply.
 */
export class TemplateDialog extends WordsElement {
  static override properties = {
    templates: { attribute: false },
    app: { attribute: false },
    values: { attribute: false },
    loaded: { state: true },
    view: { state: true },
    query: { state: true },
    problem: { state: true },
  }

  static override styles = [base, dialogStyles, segmentStyles, messageKindsStyles, templateDialogStyles]

  declare templates: AgentTemplates | null
  declare app: AppId
  declare values: PlaceholderValues
  declare protected loaded: Loaded
  declare protected view: View
  declare protected query: string
  declare protected problem: string | null

  constructor() {
    super()
    this.templates = null
    this.app = '' as AppId
    this.values = new Map()
    this.loaded = 'loading'
    this.view = { at: 'list' }
    this.query = ''
    this.problem = null
  }

  async show(): Promise<void> {
    this.view = { at: 'list' }
    this.query = ''
    this.problem = null
    await this.updateComplete
    this.#dialog?.showModal()
    await this.#load()
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <div class=${this.view.at === 'list' ? 'frame' : 'frame reading'}>
        <header>
          <button
            type="button"
            class="button quiet icon-only back"
            aria-label=${words().templates.back}
            @click=${() => this.#go({ at: 'list' })}
          >
            ${icons.back}
          </button>
          <h2 id="title">${words().templates.title}</h2>
          <button
            type="button"
            class="button quiet icon-only"
            aria-label=${words().view.closeShort}
            @click=${() => this.#dialog?.close()}
          >
            ${icons.close}
          </button>
        </header>
        <div class="side">${this.#side()}</div>
        <div class="main">${this.#main()}</div>
      </div>
    </dialog>`
  }

  #side() {
    const { loaded } = this
    if (loaded === 'loading')
      return html`<div class="empty" role="status"><span class="spinner"></span>${words().loading}</div>`
    if (loaded === 'failed')
      return html`<div class="empty" role="status">
        ${icons.warning}
        <p>${words().templates.failed}</p>
        <button type="button" class="button" @click=${() => void this.#load()}>${words().tryAgain}</button>
      </div>`
    const found = this.#found(loaded)
    return html`${
      loaded.length === 0
        ? nothing
        : html`<div class="search">
              ${icons.search}<input
                class="field"
                type="search"
                aria-label=${words().templates.search}
                placeholder=${words().templates.search}
                .value=${this.query}
                @input=${(event: Event) => {
                  this.query = (event.target as HTMLInputElement).value
                }}
              />
            </div>`
    }
      <ul role="list" aria-label=${words().templates.title}>
        ${found.map((template) => this.#item(template))}
      </ul>
      ${loaded.length > 0 && found.length === 0 ? html`<p class="empty" role="status">${words().templates.none}</p>` : nothing}
      <button type="button" class="button new" @click=${() => this.#edit(null)}>${icons.plus}${words().templates.new}</button>`
  }

  #found(templates: readonly MessageTemplate[]): readonly MessageTemplate[] {
    const wanted = this.query.trim().toLocaleLowerCase()
    const said = ({ name, body }: MessageTemplate) => `${name} ${describeBody(body)}`.toLocaleLowerCase()
    return templates.filter((template) => said(template).includes(wanted))
  }

  #item({ id, name, body }: MessageTemplate) {
    const isShown = this.view.at !== 'list' && this.view.id === id
    const kind = words().kinds[draftOf(body).kind]
    const said = describeBody(body)
    return html`<li>
      <button
        type="button"
        class="item"
        aria-current=${isShown ? 'true' : nothing}
        @click=${() => this.#go({ at: 'template', id, isAsking: false })}
      >
        <span class="name"><bdi>${plainName(name)}</bdi></span>
        <span class="soft" dir="auto">${said === kind ? kind : `${kind} · ${said}`}</span>
      </button>
    </li>`
  }

  #main() {
    const { view } = this
    const problem = html`<div role="alert">
      ${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}
    </div>`
    switch (view.at) {
      case 'list':
        return html`<div class="empty">
          ${icons.template}
          <p class="title">${this.#isEmpty ? words().templates.empty : words().templates.title}</p>
          <p>${words().templates.hint}</p>
        </div>`
      case 'template': {
        const template = this.#template(view.id)
        return template === undefined ? nothing : html`${problem}${this.#shown(template, view.isAsking)}`
      }
      case 'editor':
        return html`${problem}${this.#editor(view)}`
      default:
        return view satisfies never
    }
  }

  #shown({ id, name, body }: MessageTemplate, isAsking: boolean) {
    const draft = filled(body, this.values)
    return html`<div class="scroll">
        <h3><bdi>${plainName(name)}</bdi></h3>
        <div class="preview" role="group" aria-label=${words().format.preview}>${drawPending(draft)}</div>
      </div>
      ${
        isAsking
          ? html`<div class="actions" role="group" aria-label=${words().templates.question}>
              <p class="start">${words().templates.question}</p>
              <button type="button" class="button" @click=${() => this.#go({ at: 'template', id, isAsking: false })}>
                ${words().cancel}
              </button>
              <button type="button" class="button danger" @click=${() => void this.#delete(id)}>
                ${words().edit.confirm}
              </button>
            </div>`
          : html`<div class="actions">
              <div class="start">
                <button type="button" class="button quiet" @click=${() => this.#edit(id)}>
                  ${icons.pencil}${words().templates.edit}
                </button>
                <button type="button" class="button quiet" @click=${() => this.#go({ at: 'template', id, isAsking: true })}>
                  ${icons.bin}${words().edit.confirm}
                </button>
              </div>
              ${
                'text' in draft
                  ? html`<button type="button" class="button" @click=${() => this.#use(draft)}>${words().run.use}</button>`
                  : nothing
              }
              <button type="button" class="button primary" @click=${() => this.#send(draft)}>
                ${icons.send}${words().composer.send}
              </button>
            </div>`
      }`
  }

  #editor({ id, name }: Extract<View, { at: 'editor' }>) {
    return html`<form
        class="scroll"
        @submit=${(event: SubmitEvent) => {
          event.preventDefault()
          void this.#save(id)
        }}
      >
        <label
          >${words().templates.name}<input
            class="field"
            name="name"
            required
            maxlength=${LIMITS.nameLength}
            autocomplete="off"
            dir="auto"
            .value=${name}
        /></label>
        ${id === null ? this.#kindChoice() : nothing}
        <body-editor></body-editor>
        <p class="soft">${words().templates.placeholders('{visitor}', '{agent}', '{visitor|…}')}</p>
      </form>
      <div class="actions">
        <button
          type="button"
          class="button"
          @click=${() => this.#go(id === null ? { at: 'list' } : { at: 'template', id, isAsking: false })}
        >
          ${words().cancel}
        </button>
        <button type="button" class="button primary" @click=${() => void this.#save(id)}>${words().edit.save}</button>
      </div>`
  }

  #kindChoice() {
    const begin = (event: Event) =>
      this.#bodyEditor?.begin((event.target as HTMLInputElement).value as DraftBody['kind'])
    return html`<fieldset class="kinds" @change=${begin}>
      <legend class="visually-hidden">${words().templates.kind}</legend>
      ${KINDS.map(
        (kind) =>
          html`<label
            ><input type="radio" name="kind" value=${kind} ?checked=${kind === 'text'} /><span
              >${words().kinds[kind]}</span
            ></label
          >`,
      )}
    </fieldset>`
  }

  get #isEmpty(): boolean {
    return typeof this.loaded !== 'string' && this.loaded.length === 0
  }

  #template(id: TemplateId | null): MessageTemplate | undefined {
    return typeof this.loaded === 'string' ? undefined : this.loaded.find((template) => template.id === id)
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  get #bodyEditor(): BodyEditor | null {
    return this.renderRoot.querySelector('body-editor')
  }

  #go(view: View): void {
    this.problem = null
    this.view = view
  }

  async #edit(id: TemplateId | null): Promise<void> {
    const template = this.#template(id)
    this.#go({ at: 'editor', id, name: template?.name ?? '' })
    await this.updateComplete
    if (template === undefined) this.#bodyEditor?.begin('text')
    else this.#bodyEditor?.open(template.body)
    this.renderRoot.querySelector<HTMLInputElement>('[name=name]')?.focus()
  }

  #use(body: MessageTemplate['body']): void {
    if ('text' in body) this.dispatchEvent(new TemplateUseEvent(body))
    this.#dialog?.close()
  }

  #send(body: MessageTemplate['body']): void {
    this.dispatchEvent(new MessageSendEvent(body))
    this.#dialog?.close()
  }

  async #save(id: TemplateId | null): Promise<void> {
    const field = this.renderRoot.querySelector<HTMLInputElement>('[name=name]')
    const name = field?.value.trim() ?? ''
    if (field !== null && name === '') field.value = ''
    if (field?.reportValidity() !== true) return
    const body = this.#bodyEditor?.take() ?? null
    if (body === null) return
    await this.#change(async (templates) => {
      await templates.save(this.app, { name, body, ...(id === null ? {} : { id }) })
      await this.#load()
      const saved =
        typeof this.loaded === 'string'
          ? undefined
          : this.loaded.find((one) => (id === null ? one.name === name : one.id === id))
      this.#go(saved === undefined ? { at: 'list' } : { at: 'template', id: saved.id, isAsking: false })
    })
  }

  async #delete(id: TemplateId): Promise<void> {
    await this.#change(async (templates) => {
      await templates.delete(this.app, id)
      this.#go({ at: 'list' })
      await this.#load()
    })
  }

  async #change(work: (templates: AgentTemplates) => Promise<void>): Promise<void> {
    this.problem = null
    try {
      if (this.templates !== null) await work(this.templates)
    } catch (error) {
      const code = error instanceof ChatError ? error.code : 'internal'
      this.problem = code === 'too-large' ? words().templates.full : errorText(code)
    }
  }

  async #load(): Promise<void> {
    if (typeof this.loaded === 'string') this.loaded = 'loading'
    const { compare } = new Intl.Collator(locale())
    try {
      const templates = (await this.templates?.list(this.app)) ?? []
      this.loaded = [...templates].sort((one, other) => compare(one.name, other.name))
    } catch {
      this.loaded = 'failed'
    }
  }
}
