/** Number of recovery codes left, and a button for new ones. */
import { AUTHENTICATOR_LIMITS } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import { errorText } from '../format/error-text.ts'
import { base } from '../styles/base.styles.ts'
import { CodesSavedEvent } from './authenticator-events.ts'
import { problemAlert } from './problem-alert.ts'
import { RequestController } from './request-controller.ts'
import { StringsElement } from './strings-element.ts'

/** At this number or below, new codes are suggested. */
const FEW = 2

/** @event codes-saved - The person confirmed that they saved the earlier ones. */
export class CodesCard extends StringsElement {
  static override properties = {
    client: { attribute: false },
    left: { attribute: false },
    isUnsaved: { attribute: false },
  }

  static override styles = [
    base,
    css`
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
      }

      .few {
        color: var(--warn);
        font-weight: 500;
      }

      .error {
        flex-basis: 100%;
      }
    `,
  ]

  declare client: Pick<AuthenticatorClientApi, 'renewCodes'> | null
  /** Number of unused recovery codes. */
  declare left: number
  /** True if nobody confirmed that the newest codes were saved: the person is asked to make others. */
  declare isUnsaved: boolean
  readonly #request = new RequestController(this)

  constructor() {
    super()
    this.client = null
    this.left = AUTHENTICATOR_LIMITS.recoveryCodes
    this.isUnsaved = false
  }

  override render() {
    const { codes } = this.strings
    return html`<section class="card" aria-labelledby="heading">
        <div>
          <h2 id="heading">${codes.heading}</h2>
          ${
            this.isUnsaved
              ? html`<p class="few">${codes.unsaved}</p><p class="soft small">${codes.unsavedHint}</p>`
              : html`<p class="soft small">${codes.left(this.left, AUTHENTICATOR_LIMITS.recoveryCodes)}</p>`
          }
          ${!this.isUnsaved && this.left <= FEW ? html`<p class="few small">${codes.few}</p>` : nothing}
        </div>
        ${
          this.isUnsaved
            ? html`<button type="button" class="button small" @click=${() => this.dispatchEvent(new CodesSavedEvent())}>
                ${codes.saved}
              </button>`
            : nothing
        }
        <button
          type="button"
          class="button small"
          aria-haspopup="dialog"
          aria-disabled=${this.#request.pending === null ? 'false' : 'true'}
          @click=${this.#renew}
        >
          ${codes.renew}
        </button>
        ${problemAlert(this.#request.problem)}
      </section>
      <confirm-dialog .strings=${this.strings}></confirm-dialog>`
  }

  #renew = async (): Promise<void> => {
    const { client } = this
    const dialog = this.renderRoot.querySelector('confirm-dialog')
    if (client === null || !(await dialog?.ask(this.strings.codes.renewing))) return
    await this.#request.run(
      'renew',
      () => client.renewCodes(),
      (error) => errorText(error, this.strings),
    )
  }
}
