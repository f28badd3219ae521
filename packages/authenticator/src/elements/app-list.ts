/** [AR12] [AR7] The connected apps: disconnect one, unmute one. */
import type { ConnectedApp } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import { errorText } from '../format/error-text.ts'
import { formatDay } from '../format/time.ts'
import { base } from '../styles/base.styles.ts'
import { listStyles } from '../styles/list.styles.ts'
import { FocusKeeper } from './focus-keeper.ts'
import { problemAlert } from './problem-alert.ts'
import { RequestController } from './request-controller.ts'
import { StringsElement } from './strings-element.ts'

export class AppList extends StringsElement {
  static override properties = { client: { attribute: false }, apps: { attribute: false } }
  static override styles = [base, listStyles]

  declare client: Pick<AuthenticatorClientApi, 'disconnectApp' | 'unmuteApp'> | null
  declare apps: readonly ConnectedApp[]
  readonly #request = new RequestController(this)

  constructor() {
    super()
    this.client = null
    this.apps = []
    new FocusKeeper(this, 'h2')
  }

  override render() {
    const { strings } = this
    return html`<section class="card" aria-labelledby="heading">
        <h2 id="heading" tabindex="-1">${strings.apps.heading}</h2>
        ${
          this.apps.length === 0
            ? html`<p class="none soft">${strings.apps.none}</p>`
            : html`<ul>
                ${repeat(
                  this.apps,
                  ({ id }) => id,
                  (app) => this.#row(app),
                )}
              </ul>`
        }
        ${problemAlert(this.#request.problem)}
      </section>
      <confirm-dialog .strings=${strings}></confirm-dialog>`
  }

  #row(app: ConnectedApp) {
    const { apps } = this.strings
    const busy = this.#request.pending === null ? 'false' : 'true'
    return html`<li>
      <div>
        <p class="name">
          <bdi id=${`name-${app.id}`}>${app.name}</bdi>
          ${app.isMuted ? html`<span class="badge warn">${apps.muted}</span>` : nothing}
        </p>
        <p class="soft small">${apps.connected(formatDay(app.connectedAt, this.strings))}</p>
      </div>
      <div class="acts">
        ${
          app.isMuted
            ? html`<button
                type="button"
                id=${`unmute-${app.id}`}
                class="button small"
                aria-labelledby=${`unmute-${app.id} name-${app.id}`}
                aria-disabled=${busy}
                @click=${() => this.#unmute(app)}
              >
                ${apps.unmute}
              </button>`
            : nothing
        }
        <button
          type="button"
          id=${`disconnect-${app.id}`}
          class="button small"
          aria-haspopup="dialog"
          aria-labelledby=${`disconnect-${app.id} name-${app.id}`}
          aria-disabled=${busy}
          @click=${() => this.#disconnect(app)}
        >
          ${apps.disconnect}
        </button>
      </div>
    </li>`
  }

  async #unmute({ id }: ConnectedApp): Promise<void> {
    await this.#run('unmute', async () => this.client?.unmuteApp(id))
  }

  async #disconnect({ id, name }: ConnectedApp): Promise<void> {
    const dialog = this.renderRoot.querySelector('confirm-dialog')
    const { title, text, confirm } = this.strings.apps.disconnecting
    if (!(await dialog?.ask({ title: title(name), text: text(name), confirm }))) return
    await this.#run('disconnect', async () => this.client?.disconnectApp(id))
  }

  #run(name: string, act: () => Promise<void>): Promise<boolean> {
    return this.#request.run(name, act, (error) => errorText(error, this.strings))
  }
}
