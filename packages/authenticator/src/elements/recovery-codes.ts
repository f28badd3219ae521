/** The recovery codes, shown once: to print, save or copy, and to confirm that they were saved. */
import { css, html } from 'lit'
import { base } from '../styles/base.styles.ts'
import { CodesSavedEvent } from './authenticator-events.ts'
import { icons } from './icons.ts'
import { problemAlert } from './problem-alert.ts'
import { StringsElement } from './strings-element.ts'

/** @event codes-saved - The person confirmed that they saved them. */
export class RecoveryCodes extends StringsElement {
  static override properties = {
    codes: { attribute: false },
    identifier: { attribute: false },
    isUnsaved: { state: true },
  }

  static override styles = [
    base,
    css`
      h2 {
        font-size: 1.375rem;
      }

      h2 + p {
        margin-block: 0.5rem;
      }

      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
        gap: 0.375rem 1.5rem;
        margin-block: 1.25rem;
        padding: 0.875rem 0.75rem;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--surface-quiet);
        /* A code is to be typed off: it stays on one line, on phones as well. */
        font: 500 clamp(0.8125rem, 3.7vw, 1rem) / 1.6 var(--font-code);
      }

      .once {
        font-weight: 600;
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }

      form {
        display: grid;
        gap: 1rem;
        margin-block-start: 1.5rem;
        padding-block-start: 1.5rem;
        border-block-start: 1px solid var(--line);
      }

      label {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        min-block-size: 2rem;
      }

      input {
        flex: none;
        inline-size: 1.5rem;
        block-size: 1.5rem;
        accent-color: var(--accent);
      }

      .printed {
        display: none;
      }

      @media print {
        .printed {
          display: block;
        }
        .ways,
        .once,
        form {
          display: none;
        }
      }
    `,
  ]

  declare codes: readonly string[]
  declare identifier: string
  declare protected isUnsaved: boolean

  constructor() {
    super()
    this.codes = []
    this.identifier = ''
    this.isUnsaved = false
  }

  /** Takes the focus: it replaces the element that the person just used. */
  override firstUpdated(): void {
    this.renderRoot.querySelector('h2')?.focus()
  }

  override render() {
    const { strings } = this
    const { codes } = strings
    return html`<section class="card" aria-labelledby="heading">
      <h2 id="heading" tabindex="-1">${codes.title}</h2>
      <p class="soft">${codes.text}</p>
      <p class="once">${codes.once}</p>
      <p class="printed">${codes.fileHeading(this.identifier)}</p>
      <ul aria-label=${codes.listLabel} dir="ltr">
        ${this.codes.map((code) => html`<li>${code}</li>`)}
      </ul>
      <div class="ways">
        <button type="button" class="button small" @click=${() => window.print()}>
          ${icons.print}${codes.print}
        </button>
        <button type="button" class="button small" @click=${this.#download}>
          ${icons.download}${codes.download}
        </button>
        <copy-button .strings=${strings} .text=${this.codes.join('\n')}></copy-button>
      </div>
      <form novalidate @submit=${this.#done}>
        <label><input type="checkbox" name="saved" aria-describedby="problem" />${codes.saved}</label>
        ${problemAlert(this.isUnsaved ? codes.notSaved : null)}
        <button class="button primary">${codes.done}</button>
      </form>
    </section>`
  }

  #download = (): void => {
    const { codes } = this.strings
    const text = `${codes.fileHeading(this.identifier)}\n\n${this.codes.join('\n')}\n`
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
    const link = document.createElement('a')
    link.href = address
    link.download = codes.fileName
    link.click()
    URL.revokeObjectURL(address)
  }

  #done = (event: SubmitEvent): void => {
    event.preventDefault()
    const box = this.renderRoot.querySelector('input')
    this.isUnsaved = box?.checked !== true
    if (this.isUnsaved) box?.focus()
    else this.dispatchEvent(new CodesSavedEvent())
  }
}
