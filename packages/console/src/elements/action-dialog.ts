/** Dialog for an action to run for the visitor, and its parameters. */
import { LIMITS } from '@chat-widget/protocol'
import { css, html, LitElement } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { ActionRunEvent } from './console-events.ts'

interface Row {
  readonly key: number
  readonly name: string
  readonly value: string
}

const MOST_ROWS = 20
/** The protocol's limit. */
const VALUE_LENGTH = 2_000

/** @event action-run - Run the action. */
export class ActionDialog extends LitElement {
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
      <h2 id="title">Run an action</h2>
      <p id="about">It is run for this visitor, with the visitor’s own sign-in. Only agents see the answer.</p>
      <form @submit=${this.#submit}>
        <label
          >Action<select class="field" name="action" required>
            ${this.actions.map((name) => html`<option value=${name}>${name}</option>`)}
          </select>
        </label>
        <fieldset>
          <legend>Parameters <span>(optional)</span></legend>
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
            ${icons.plus}Add parameter
          </button>
        </fieldset>
        <div class="actions">
          <button type="button" class="button" @click=${() => this.#dialog?.close()}>Cancel</button>
          <button class="button primary">Run</button>
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
        aria-label=${`Name of parameter ${number}`}
        placeholder="Name"
        maxlength=${LIMITS.nameLength}
        autocomplete="off"
        ?required=${value !== ''}
        .value=${name}
        @input=${change('name')}
      />
      <input
        class="field"
        aria-label=${`Value of parameter ${number}`}
        placeholder="Value"
        maxlength=${VALUE_LENGTH}
        autocomplete="off"
        dir="auto"
        .value=${value}
        @input=${change('value')}
      />
      <button
        type="button"
        class="button quiet icon-only"
        aria-label=${`Remove parameter ${number}`}
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
        input.setCustomValidity('This name is used twice.')
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
