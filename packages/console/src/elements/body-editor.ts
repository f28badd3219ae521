/** Fields for the content of a message: text with quick replies, cards, or a form. */
import { IMAGE_SCHEMES, isSafeUrl, LIMITS, LINK_SCHEMES } from '@chat-widget/protocol'
import { html } from 'lit'
import { base } from '../styles/base.styles.ts'
import { bodyOf, type DraftBody, draftOf, emptyDraft, type TemplateBody } from '../templates/draft-body.ts'
import { words } from '../words/words.ts'
import { bodyEditorStyles } from './body-editor.styles.ts'
import { editCards } from './edit-cards.ts'
import { editForm } from './edit-form.ts'
import { textField } from './fields.ts'
import type { QuickReplyEditor, RepliesChangeEvent } from './quick-reply-editor.ts'
import { WordsElement } from './words-element.ts'

export class BodyEditor extends WordsElement {
  static override properties = { draft: { state: true } }

  static override styles = [base, bodyEditorStyles]

  declare protected draft: DraftBody
  #before: TemplateBody | null = null

  constructor() {
    super()
    this.draft = emptyDraft('text', '')
  }

  /** Shows a body to be changed. */
  open(body: TemplateBody): void {
    this.#before = body
    this.draft = draftOf(body)
  }

  /** Shows empty fields of a kind. */
  begin(kind: DraftBody['kind']): void {
    this.#before = null
    this.draft = emptyDraft(kind, words().composer.send)
  }

  get kind(): DraftBody['kind'] {
    return this.draft.kind
  }

  /** The body as it is sent; `null`, and the first field that is wrong says so, if it cannot be. */
  take(): TemplateBody | null {
    this.renderRoot.querySelector<QuickReplyEditor>('quick-reply-editor')?.add()
    this.#checkBlanks()
    this.#checkAddresses()
    const fields = this.renderRoot.querySelectorAll<HTMLInputElement>('input, textarea, select')
    return [...fields].every((field) => field.reportValidity()) ? bodyOf(this.draft, this.#before) : null
  }

  override render() {
    const { draft } = this
    switch (draft.kind) {
      case 'text':
        return html`${textField({
          ...{ label: words().card.text, value: draft.text, most: LIMITS.textLength, isRequired: true },
          change: (text) => this.#set({ ...draft, text }),
        })}
          <div class="group">
            ${words().kinds.quickReplies}
            <quick-reply-editor
              .replies=${draft.replies}
              @replies-change=${({ detail }: RepliesChangeEvent) => this.#set({ ...draft, replies: detail })}
            ></quick-reply-editor>
          </div>`
      case 'cards':
        return editCards(draft.cards, (cards) => this.#set({ ...draft, cards }))
      case 'form':
        return editForm(draft.form, (form) => this.#set({ ...draft, form }))
      default:
        return draft satisfies never
    }
  }

  #set(draft: DraftBody): void {
    this.draft = draft
    for (const field of this.renderRoot.querySelectorAll('input')) field.setCustomValidity('')
  }

  /** Refuses spaces alone in a required field: the browser takes them. */
  #checkBlanks(): void {
    for (const field of this.renderRoot.querySelectorAll<HTMLInputElement>(':required'))
      if (field.tagName !== 'SELECT' && field.value !== '' && field.value.trim() === '') field.value = ''
  }

  #checkAddresses(): void {
    const { draft } = this
    if (draft.kind !== 'cards') return
    const picturesAre = (address: string) => isSafeUrl(address, IMAGE_SCHEMES)
    const linksAre = (address: string) => isSafeUrl(address, LINK_SCHEMES)
    const isWrong = (address: string, isSafe: (address: string) => boolean) =>
      address.trim() !== '' && !isSafe(address.trim())
    const wrong = new Set(
      draft.cards.flatMap(({ picture, buttons }) => [
        ...(isWrong(picture, picturesAre) ? [picture] : []),
        ...buttons.flatMap(({ url }) => (isWrong(url, linksAre) ? [url] : [])),
      ]),
    )
    for (const field of this.renderRoot.querySelectorAll('input'))
      field.setCustomValidity(wrong.has(field.value) ? words().editor.badAddress : '')
  }
}
