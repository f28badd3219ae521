/** [AR11] The person's devices: add one, remove one, change this one's key. */
import type { AuthenticatorDevice } from '@chat-widget/protocol'
import { css, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import { errorText } from '../format/error-text.ts'
import { formatDay, formatMoment } from '../format/time.ts'
import { base } from '../styles/base.styles.ts'
import { listStyles } from '../styles/list.styles.ts'
import { FocusKeeper } from './focus-keeper.ts'
import { icons } from './icons.ts'
import { problemAlert } from './problem-alert.ts'
import { RequestController } from './request-controller.ts'
import { StringsElement } from './strings-element.ts'

export class DeviceList extends StringsElement {
  static override properties = {
    client: { attribute: false },
    devices: { attribute: false },
    isRotated: { state: true },
  }

  static override styles = [
    base,
    listStyles,
    css`
      .online {
        display: inline-flex;
        align-items: center;
        gap: 0.375rem;
        color: var(--good);
        font-weight: 500;
      }

      .online::before {
        content: '';
        inline-size: 0.5rem;
        block-size: 0.5rem;
        border-radius: 50%;
        background: var(--online);
        forced-color-adjust: none;
      }

      footer {
        margin-block-start: 1.25rem;
        padding-block-start: 1.25rem;
        border-block-start: 1px solid var(--line);
      }

      footer p {
        margin-block-start: 0.375rem;
      }
    `,
  ]

  declare client: AuthenticatorClientApi | null
  declare devices: readonly AuthenticatorDevice[]
  declare protected isRotated: boolean
  readonly #request = new RequestController(this)

  constructor() {
    super()
    this.client = null
    this.devices = []
    this.isRotated = false
    new FocusKeeper(this, 'h2')
  }

  override render() {
    const { strings } = this
    const { devices } = strings
    const busy = this.#request.pending === null ? 'false' : 'true'
    return html`<section class="card" aria-labelledby="heading">
        <header>
          <h2 id="heading" tabindex="-1">${devices.heading}</h2>
          <button type="button" class="button small" aria-haspopup="dialog" @click=${this.#add}>
            ${icons.plus}${devices.add}
          </button>
        </header>
        <ul>
          ${repeat(
            this.devices,
            ({ id }) => id,
            (device) => this.#row(device, busy),
          )}
        </ul>
        <footer>
          <button
            type="button"
            class="button small"
            aria-describedby="rotate-hint"
            aria-disabled=${busy}
            @click=${this.#rotate}
          >
            ${icons.key}${devices.rotate}
          </button>
          <p id="rotate-hint" class="soft small">${devices.rotateHint}</p>
          <p class="small" role="status">${this.isRotated ? devices.rotated : ''}</p>
          ${problemAlert(this.#request.problem)}
        </footer>
      </section>
      <confirm-dialog .strings=${strings}></confirm-dialog>
      <device-invitation .strings=${strings} .client=${this.client} .devices=${this.devices}></device-invitation>`
  }

  #row(device: AuthenticatorDevice, busy: string) {
    const { devices } = this.strings
    return html`<li>
      <div>
        <p class="name">
          <bdi id=${`name-${device.id}`}>${device.name}</bdi>
          ${device.isThis ? html`<span class="badge">${devices.thisOne}</span>` : nothing}
        </p>
        <p class="soft small">
          ${
            device.isOnline
              ? html`<span class="online">${devices.online}</span>`
              : devices.lastSeen(formatMoment(device.seenAt, this.strings))
          }
          · ${devices.added(formatDay(device.addedAt, this.strings))}
        </p>
      </div>
      <div class="acts">
        <button
          type="button"
          id=${`remove-${device.id}`}
          class="button small"
          aria-haspopup="dialog"
          aria-labelledby=${`remove-${device.id} name-${device.id}`}
          aria-disabled=${busy}
          @click=${() => this.#remove(device)}
        >
          ${devices.remove}
        </button>
      </div>
    </li>`
  }

  #add = (): void => {
    void this.renderRoot.querySelector('device-invitation')?.show()
  }

  #rotate = async (): Promise<void> => {
    this.isRotated = false
    this.isRotated = await this.#run('rotate', async () => this.client?.rotateKey())
  }

  async #remove({ id, name, isThis }: AuthenticatorDevice): Promise<void> {
    const { devices } = this.strings
    const dialog = this.renderRoot.querySelector('confirm-dialog')
    const removing = { ...devices.removing, title: devices.removing.title(name) }
    if (!(await dialog?.ask(isThis ? devices.removingThis : removing))) return
    await this.#run('remove', async () => this.client?.removeDevice(id))
  }

  #run(name: string, act: () => Promise<void>): Promise<boolean> {
    return this.#request.run(name, act, (error) => errorText(error, this.strings))
  }
}
