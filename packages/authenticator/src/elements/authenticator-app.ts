/** The whole page: one screen for each state of the device, with the requests above it. */
import type { ConnectionState } from '@chat-widget/client/parts'
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import type { DeviceState, RequestView } from '../device/device-state.ts'
import type { PageLink } from '../link.ts'
import type { Notices } from '../notices.ts'
import type { Outcome } from '../strings/strings.ts'
import { base } from '../styles/base.styles.ts'
import { authenticatorAppStyles } from './authenticator-app.styles.ts'
import { FocusKeeper } from './focus-keeper.ts'
import { icons } from './icons.ts'
import { StringsElement } from './strings-element.ts'

export class AuthenticatorApp extends StringsElement {
  static override properties = {
    client: { attribute: false },
    link: { attribute: false },
    notices: { attribute: false },
    state: { state: true },
    announcement: { state: true },
    endAnnouncement: { state: true },
  }

  static override styles = [base, authenticatorAppStyles]

  /** Set once, before the element is connected or after. */
  declare client: AuthenticatorClientApi | null
  /** The link that the page was opened with, until it is done. */
  declare link: PageLink | null
  /** Called on each change of the link, to keep it across a reload. */
  keepLink: (link: PageLink | null) => void = () => {}
  declare notices: Notices | null
  declare protected state: DeviceState
  declare protected announcement: Announcement | null
  declare protected endAnnouncement: Announcement | null
  /** Announced requests, and their last known state. */
  #told = new Map<AuthenticationRequestId, 'open' | 'over'>()
  #unsubscribe: () => void = () => {}

  constructor() {
    super()
    this.client = null
    this.link = null
    this.notices = null
    this.state = { status: 'starting' }
    this.announcement = null
    this.endAnnouncement = null
    // A screen that is removed takes the focus with it.
    new FocusKeeper(this, 'main')
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#subscribe()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unsubscribe()
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('client')) this.#subscribe()
    // Before the first link there is nothing to keep.
    if (changed.has('link') && (this.link !== null || changed.get('link'))) this.keepLink(this.link)
  }

  protected override updated(): void {
    const open = this.#openRequests.length
    document.title = open === 0 ? this.strings.title : `(${open}) ${this.strings.title}`
  }

  #subscribe(): void {
    this.#unsubscribe()
    if (this.client === null) return
    this.#unsubscribe = this.client.onChange((state) => this.#take(state))
    this.#take(this.client.getState())
  }

  #take(state: DeviceState): void {
    const before = this.state.status
    this.state = state
    const isSetUp = state.status === 'ready' && (before === 'new' || before === 'enrolling')
    if (isSetUp && this.link?.kind === 'join') this.link = null
    this.#tell(state.status === 'ready' ? state.requests : [])
    if (state.status === 'removed' && before !== 'removed')
      this.announcement = { text: this.strings.removed.title }
  }

  get #openRequests(): readonly RequestView[] {
    return this.state.status === 'ready'
      ? this.state.requests.filter(({ progress }) => progress.kind !== 'over')
      : []
  }

  /** Announces each request when it arrives, and when it ended by itself: people know what they did here. */
  #tell(views: readonly RequestView[]): void {
    const { requests } = this.strings
    for (const { request, progress } of views) {
      const told = this.#told.get(request.id)
      if (told === undefined && progress.kind === 'open') {
        this.#told.set(request.id, 'open')
        this.announcement = { text: requests.announced(request.app.name) }
        this.notices?.show(request.id, {
          ...requests.notification,
          text: requests.notification.text(request.app.name),
        })
      }
      if (progress.kind !== 'over' || told === 'over') continue
      this.#told.set(request.id, 'over')
      this.notices?.hide(request.id)
      if (progress.end !== 'approved' && progress.end !== 'denied' && progress.end !== 'muted')
        this.endAnnouncement = {
          text: requests.announcedEnd(request.app.name, requests.ends[progress.end].title),
        }
    }
    if (this.#openRequests.length === 0) this.announcement = null
  }

  override render() {
    const { strings } = this
    const connection = connectionOf(this.state)
    return html`
      ${connection === null ? nothing : html`<status-banner .strings=${strings} .connection=${connection}></status-banner>`}
      <header class="top">${icons.shield}<h1>${strings.title}</h1></header>
      <div class="visually-hidden" role="alert">${announced(this.announcement)}</div>
      <div class="visually-hidden" role="status">${announced(this.endAnnouncement)}</div>
      <main tabindex="-1" @codes-saved=${this.#codesSaved} @link-done=${this.#linkDone}>
        ${this.#screen(this.state)}
      </main>
    `
  }

  #screen(state: DeviceState) {
    const { strings } = this
    switch (state.status) {
      case 'starting':
        return this.#waiting()
      case 'known':
        return html`${isConnecting(state.connection) ? this.#waiting() : nothing}<identifier-card
            .strings=${strings}
            .identifier=${state.identifier}
          ></identifier-card>`
      case 'unable':
        return this.#outcome(strings.unable[state.reason])
      case 'new':
      case 'enrolling':
        return html`<welcome-screen .strings=${strings} .client=${this.client} .link=${this.link}></welcome-screen>`
      case 'removed':
        return this.#outcome(
          strings.removed,
          html`<button type="button" class="button" @click=${() => this.client?.startOver()}>
            ${strings.removed.startOver}
          </button>`,
        )
      case 'ready':
        return this.#ready(state)
      default:
        return state satisfies never
    }
  }

  #ready(state: Extract<DeviceState, { status: 'ready' }>) {
    const { strings, client } = this
    const { identifier, apps, devices, recoveryCodesLeft } = state.account
    const { requests, newCodes, codesUnsaved } = state
    const isSaving = newCodes !== null
    // One template for both states, so that a request that is being answered is not rendered anew.
    return html`${isSaving ? nothing : this.#linked(state.isLive)}
      ${
        isSaving && requests.length === 0
          ? nothing
          : html`<request-list .strings=${strings} .client=${client} .views=${requests}></request-list>`
      }
      ${
        isSaving
          ? html`<recovery-codes
              .strings=${strings}
              .codes=${newCodes}
              .identifier=${identifier}
            ></recovery-codes>`
          : html`<notice-row .strings=${strings} .notices=${this.notices}></notice-row>
              <identifier-card .strings=${strings} .identifier=${identifier}></identifier-card>
              <codes-card
                .strings=${strings}
                .client=${client}
                .left=${recoveryCodesLeft}
                .isUnsaved=${codesUnsaved}
              ></codes-card>
              <app-list .strings=${strings} .client=${client} .apps=${apps}></app-list>
              <device-list .strings=${strings} .client=${client} .devices=${devices}></device-list>`
      }`
  }

  #linked(isLive: boolean) {
    const { link, strings, client } = this
    switch (link?.kind) {
      case undefined:
        return nothing
      case 'connect':
        return html`<connect-panel
          .strings=${strings}
          .client=${client}
          .link=${link}
          .isLive=${isLive}
        ></connect-panel>`
      case 'join':
        return this.#outcome(
          strings.devices.alreadyHere,
          html`<button type="button" class="button" @click=${this.#linkDone}>${strings.dismiss}</button>`,
        )
    }
  }

  #waiting() {
    return html`<p class="waiting"><span class="spinner" aria-hidden="true"></span>${this.strings.connecting}</p>`
  }

  #outcome({ title, text }: Outcome, action: unknown = nothing) {
    return html`<section class="card outcome" aria-labelledby="outcome">
      <h2 id="outcome">${title}</h2>
      <p class="soft">${text}</p>
      ${action}
    </section>`
  }

  #codesSaved = (): void => {
    void this.client?.codesSaved()
  }

  #linkDone = (): void => {
    this.link = null
  }
}

/** Each object is announced, even with the same text as the one before. */
interface Announcement {
  readonly text: string
}

const announced = (announcement: Announcement | null) =>
  announcement === null ? nothing : keyed(announcement, html`<span>${announcement.text}</span>`)

/** False while offline, or once refused for good: then nothing is being tried. */
const isConnecting = ({ status }: ConnectionState): boolean => status !== 'offline' && status !== 'closed'

function connectionOf(state: DeviceState): ConnectionState | null {
  return 'connection' in state ? state.connection : null
}
