/** Dialog for an action to run for the visitor, and its parameters. */
import { LIMITS } from '@chat-widget/protocol'
import { css, html } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { words } from '../words/words.ts'
import { ActionRunEvent } from './console-events.ts'
import { WordsElement } from './words-element.ts'

interface Row {
  readonly key: number
  readonly name: string
  readonly value: string
}

const MOST_ROWS = 20
/** The protocol's limit. */
const VALUE_LENGTH = 2_000

/** @event action-run - Run the action. */
export class ActionDialog extends WordsElement {
  static override properties = {
    actions: { attribute: false },
    rows: { state: true },
  }

  static override styles = [
    base,
    dialogStyles,
    css`
      fieldset {
        display: grid;
        gap: 0.5rem;
        min-inline-size: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }

      legend {
        margin-block-end: 0.25rem;
        padding: 0;
        font-weight: 500;
      }

      legend span {
        color: var(--ink-soft);
        font-weight: 400;
      }

      .row {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) auto;
        gap: 0.375rem;
      }

      .add {
        justify-self: start;
        margin-inline-start: -0.75rem;
      }
    `,
  ]

  /** Names of the actions, at least one. */
  declare actions: readonly string[]
  declare protected rows: readonly Row[]
  #lastKey = 0

  constructor() {
    super()
    this.actions = []
    this.rows = []
  }

  show(): void {
    this.rows = []
    this.renderRoot.querySelector('form')?.reset()
    this.#dialog?.showModal()
  }

  override render() {
    return html`<dialog aria-labelledby="title" aria-describedby="about">
      <h2 id="title">${words().actions.title}</h2>
      <p id="about">${words().actions.about}</p>
      <form @submit=${this.#submit}>
        <label
          >${words().actions.action}<select class="field" name="action" required>
            ${this.actions.map((name) => html`<option value=${name}>${name}</option>`)}
          </select>
        </label>
        <fieldset>
          <legend>${words().actions.parameters} <span>${words().actions.optional}</span></legend>
          ${repeat(
            this.rows,
            ({ key }) => key,
            (row, index) => this.#row(row, index + 1),
          )}
          <button
            type="button"
            class="button quiet add"
            ?disabled=${this.rows.length >= MOST_ROWS}
            @click=${this.#add}
          >
            ${icons.plus}${words().actions.add}
          </button>
        </fieldset>
        <div class="actions">
          <button type="button" class="button" @click=${() => this.#dialog?.close()}>${words().cancel}</button>
          <button class="button primary">${words().actions.run}</button>
        </div>
      </form>
    </dialog>`
  }

  #row({ key, name, value }: Row, number: number) {
    const change = (part: 'name' | 'value') => (event: InputEvent) => {
      if (!(event.target instanceof HTMLInputElement)) return
      const text = event.target.value
      this.rows = this.rows.map((row) => (row.key === key ? { ...row, [part]: text } : row))
      for (const input of this.renderRoot.querySelectorAll('input')) input.setCustomValidity('')
    }
    return html`<div class="row">
      <input
        class="field name"
        aria-label=${words().actions.nameOf(number)}
        placeholder=${words().actions.name}
        maxlength=${LIMITS.nameLength}
        autocomplete="off"
        ?required=${value !== ''}
        .value=${name}
        @input=${change('name')}
      />
      <input
        class="field"
        aria-label=${words().actions.valueOf(number)}
        placeholder=${words().actions.value}
        maxlength=${VALUE_LENGTH}
        autocomplete="off"
        dir="auto"
        .value=${value}
        @input=${change('value')}
      />
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${words().actions.remove(number)}
        @click=${() => this.#remove(key)}
      >
        ${icons.close}
      </button>
    </div>`
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  #add = async (): Promise<void> => {
    this.#lastKey += 1
    this.rows = [...this.rows, { key: this.#lastKey, name: '', value: '' }]
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('.row:last-of-type .name')?.focus()
  }

  #remove(key: number): void {
    this.rows = this.rows.filter((row) => row.key !== key)
    this.renderRoot.querySelector<HTMLElement>('.add')?.focus()
  }

  /** False for two parameters of one name: the server would receive one of them. */
  #hasUniqueNames(): boolean {
    const names = new Set<string>()
    for (const input of this.renderRoot.querySelectorAll<HTMLInputElement>('input.name')) {
      const name = input.value.trim()
      if (name !== '' && names.has(name)) {
        input.setCustomValidity(words().actions.twice)
        return input.reportValidity()
      }
      names.add(name)
    }
    return true
  }

  #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const action = this.renderRoot.querySelector('select')?.value ?? ''
    if (action === '' || !this.#hasUniqueNames()) return
    const named = this.rows
      .map(({ name, value }) => [name.trim(), value] as const)
      .filter(([name]) => name !== '')
    this.dispatchEvent(new ActionRunEvent(action, Object.fromEntries(named)))
    this.#dialog?.close()
  }
}
