/** [AR11] Invitation of another device: a link and its QR code, valid once and for a limited time. */
import type { AuthenticatorDevice, DeviceId, DeviceInvitation } from '@chat-widget/protocol'
import { css, html, nothing, svg, type TemplateResult } from 'lit'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import { errorText } from '../format/error-text.ts'
import { formatCountdown } from '../format/time.ts'
import { deviceLink } from '../link.ts'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { FocusKeeper } from './focus-keeper.ts'
import { icons } from './icons.ts'
import { problemAlert } from './problem-alert.ts'
import { RequestController } from './request-controller.ts'
import { StringsElement } from './strings-element.ts'

interface Shown {
  readonly invitation: DeviceInvitation
  readonly link: string
  readonly code: QrCode
}

interface QrCode {
  /** Modules of a side. */
  readonly size: number
  /** Value for the `d` of a `<path>`. */
  readonly path: string
}

/** Quiet zone around the code, which readers need. Modules. */
const QUIET = 4

export class DeviceInvitationDialog extends StringsElement {
  static override properties = {
    client: { attribute: false },
    devices: { attribute: false },
    shown: { state: true },
  }

  static override styles = [
    base,
    dialogStyles,
    css`
      p.soft {
        margin-block-start: 0.5rem;
      }

      .qr {
        inline-size: min(100%, 15rem);
        block-size: auto;
        margin: 1.25rem auto;
        border-radius: 10px;
        forced-color-adjust: none;
      }

      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: center;
        margin-block: 0.375rem 1rem;
      }

      .row .field {
        flex: 1 1 12rem;
        inline-size: auto;
        font-size: 0.9375rem;
      }

      .again {
        margin-block-start: 1rem;
      }

      .expiry time {
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }

      .added {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        margin-block-start: 1rem;
        color: var(--good);
        font-weight: 600;
      }

      .waiting {
        margin-block: 2rem;
        justify-items: center;
        display: grid;
      }

      .error {
        margin-block-start: 1rem;
      }
    `,
  ]

  declare client: Pick<AuthenticatorClientApi, 'invite' | 'now'> | null
  /** While the dialog is open, a new device is the invited one. */
  declare devices: readonly AuthenticatorDevice[]
  declare protected shown: Shown | null
  readonly #request = new RequestController(this)
  #known: ReadonlySet<DeviceId> = new Set()
  #ticking: ReturnType<typeof setInterval> | undefined

  constructor() {
    super()
    this.client = null
    this.devices = []
    this.shown = null
    new FocusKeeper(this, 'h2')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#ticking)
  }

  async show(): Promise<void> {
    this.#known = new Set(this.devices.map(({ id }) => id))
    this.shown = null
    this.renderRoot.querySelector('dialog')?.showModal()
    clearInterval(this.#ticking)
    this.#ticking = setInterval(() => this.requestUpdate(), 1_000)
    await this.#invite()
  }

  override render() {
    const { strings } = this
    const { devices } = strings
    const added = this.#known.size === 0 ? undefined : this.devices.find(({ id }) => !this.#known.has(id))
    const left = this.shown === null ? null : this.shown.invitation.expiresAt - this.#now()
    return html`<dialog aria-labelledby="title" @close=${this.#closed}>
      <h2 id="title" tabindex="-1">${devices.addTitle}</h2>
      <div role="status">
        ${added === undefined ? this.#news(left) : html`<p class="added">${icons.check}${devices.addDone(added.name)}</p>`}
      </div>
      ${problemAlert(this.#request.problem)}
      ${added === undefined ? this.#way(left) : nothing}
      <form method="dialog" class="actions">
        <button class="button">${strings.close}</button>
      </form>
    </dialog>`
  }

  /** Announcement of the time left. `left`: milliseconds for which the link is valid, or `null` without one. */
  #news(left: number | null) {
    const { devices, welcome } = this.strings
    if (this.#request.pending !== null)
      return html`<p class="waiting">
        <span class="spinner" aria-hidden="true"></span><span class="visually-hidden">${welcome.working}</span>
      </p>`
    return left !== null && left <= 0 ? html`<p>${devices.addExpired}</p>` : nothing
  }

  #way(left: number | null) {
    const { shown, strings } = this
    const { devices } = strings
    if (this.#request.pending !== null) return nothing
    if (shown === null || left === null || left <= 0)
      return html`<button type="button" class="button primary again" @click=${this.#invite}>
        ${devices.addAgain}
      </button>`
    return html`<p class="soft">${devices.addText}</p>
      ${drawQr(shown.code, devices.addQr)}
      <label for="link">${devices.addLink}</label>
      <div class="row">
        <input id="link" class="field" dir="ltr" readonly .value=${shown.link} @focus=${selectAll} />
        <copy-button .strings=${strings} .text=${shown.link}></copy-button>
      </div>
      <p class="expiry small soft">${devices.addExpires} <time>${formatCountdown(left)}</time></p>`
  }

  #now(): number {
    return this.client?.now() ?? Date.now()
  }

  #invite = async (): Promise<void> => {
    const { client } = this
    if (client === null) return
    const act = async () => {
      // Loaded on demand: few people add a second device.
      const [invitation, { correction, generate }, { toSvgPath }] = await Promise.all([
        client.invite(),
        import('lean-qr'),
        import('lean-qr/extras/svg'),
      ])
      const link = deviceLink(location.href, invitation.code)
      const drawn = generate(link, { minCorrectionLevel: correction.M })
      this.shown = { invitation, link, code: { size: drawn.size, path: toSvgPath(drawn) } }
    }
    await this.#request.run('invite', act, (error) => errorText(error, this.strings))
  }

  #closed = ({ target }: Event): void => {
    // The event comes a frame later, when the dialog may be open again.
    if (target instanceof HTMLDialogElement && target.open) return
    clearInterval(this.#ticking)
    this.shown = null
    this.#known = new Set()
    this.#request.fail(null)
  }
}

function selectAll(event: FocusEvent): void {
  if (event.target instanceof HTMLInputElement) event.target.select()
}

/** Black on white in every theme, as readers expect. */
function drawQr({ size, path }: QrCode, label: string): TemplateResult {
  const side = size + 2 * QUIET
  return html`<svg class="qr" role="img" aria-label=${label} viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">
    ${svg`<path fill="#fff" d="M0 0h${side}v${side}H0z"></path>
      <path fill="#000" transform="translate(${QUIET} ${QUIET})" d=${path}></path>`}
  </svg>`
}
