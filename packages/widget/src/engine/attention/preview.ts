/** The newest unread message beside the launcher, or one that could not be sent: a tap opens the chat at it. */
import { english } from '../../locales/parts/attention.ts'
import type {} from '../../proactive/proactive-element.ts'
import { addStyles } from '../add-styles.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { closeIcon } from '../elements/icons.ts'
import { html, nothing, render } from '../lit.ts'
import { partStrings, type Words } from '../load-strings.ts'
import { pictureOf } from '../who/picture.ts'
import { previewStyles } from './preview.styles.ts'

export interface Preview {
  /** Another one is another preview. */
  readonly id: string
  readonly title: string
  readonly avatar?: string | undefined
  readonly text: string
  /** True for a message of the visitor's that could not be sent. */
  readonly isFailed?: true
}

export interface PreviewActions {
  readonly open: () => void
  readonly dismiss: () => void
}

/** `frame`: the launcher's, which announces messages to screen readers itself: nothing here is live. */
export function createPreview(frame: HTMLElement) {
  const box = document.createElement('div')

  return {
    show(shown: Preview, words: Words, { open, dismiss }: PreviewActions): void {
      const { title, text, avatar } = shown
      const sign = shown.isFailed ? html`<span aria-hidden="true">! </span>` : nothing
      addStyles(frame.getRootNode() as ShadowRoot, previewStyles)
      // Pages have hotkeys; these keys are the preview's.
      const seal = (event: KeyboardEvent) => {
        if ([' ', 'Enter', 'Escape'].includes(event.key)) event.stopPropagation()
        if (event.key === 'Escape' && event.type === 'keydown') dismiss()
      }
      // [WH7] One thing in this place.
      if (frame.getRootNode() === document.querySelector('chat-widget')?.shadowRoot)
        for (const element of document.querySelectorAll('chat-widget-proactive')) element.hide?.()
      // Above the launcher, and before it for the keyboard.
      if (!box.isConnected) frame.prepend(box)
      render(
        html`<div
          class="preview"
          part="preview"
          lang=${words.locale}
          @keydown=${seal}
          @keypress=${seal}
          @keyup=${seal}
        >
          <button type="button" class="preview-open" @click=${open}>
            ${avatar === undefined ? nothing : pictureOf(avatar)}
            <span class="preview-words">
              <span class="preview-author">${sign}${title}</span>
              <span class="preview-text" dir="auto">${text}</span>
            </span>
          </button>
          <button
            type="button"
            class="preview-close"
            aria-label=${partStrings(english, words).hidePreview}
            @click=${dismiss}
          >
            ${iconTemplate(closeIcon)}
          </button>
        </div>`,
        box,
      )
    },
    hide(): void {
      if (!box.isConnected) return
      render(nothing, box)
      box.remove()
    },
  }
}
