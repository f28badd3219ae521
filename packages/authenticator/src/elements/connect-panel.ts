/** [AR12] Asks before a link connects an app; then leads back to the page it came from. */
import { ChatError, type DescribedApp, type ErrorCode } from '@chat-widget/protocol'
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import { errorText } from '../format/error-text.ts'
import type { PageLink } from '../link.ts'
import type { Outcome } from '../strings/strings.ts'
import { base } from '../styles/base.styles.ts'
import { LinkDoneEvent } from './authenticator-events.ts'
import { FocusKeeper } from './focus-keeper.ts'
import { problemAlert } from './problem-alert.ts'
import { RequestController } from './request-controller.ts'
import { StringsElement } from './strings-element.ts'

type Stage =
  | { readonly kind: 'looking' }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'asking'; readonly app: DescribedApp }
  | { readonly kind: 'connected'; readonly app: DescribedApp; readonly isNew: boolean }
  /** The link's request does not exist for this person. */
  | { readonly kind: 'gone' }

/** @event link-done - The person answered. */
export class ConnectPanel extends StringsElement {
  static override properties = {
    client: { attribute: false },
    link: { attribute: false },
    isLive: { attribute: false },
    stage: { state: true },
  }

  static override styles = [
    base,
    css`
      .card {
        border-color: var(--accent);
        box-shadow: var(--shadow-raised);
      }

      h2 {
        font-size: 1.375rem;
      }

      h2 + p {
        margin-block-start: 0.5rem;
      }

      .looking {
        display: flex;
        align-items: center;
        gap: 0.75rem;
      }

      .error {
        margin-block-start: 1rem;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem;
        margin-block-start: 1.5rem;
      }

      .actions .button {
        flex: 1 1 auto;
        min-inline-size: min(9rem, 100%);
      }
    `,
  ]

  declare client: Pick<AuthenticatorClientApi, 'describeApp' | 'connectApp' | 'openRequest'> | null
  declare link: Extract<PageLink, { kind: 'connect' }> | null
  /** True if the server can be reached. */
  declare isLive: boolean
  declare protected stage: Stage
  readonly #request = new RequestController(this)

  constructor() {
    super()
    this.client = null
    this.link = null
    this.isLive = false
    this.stage = { kind: 'looking' }
    new FocusKeeper(this, 'h2')
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isNew = changed.has('link')
    // Retried automatically after a connection was lost meanwhile.
    const isBack = changed.has('isLive') && this.isLive && this.stage.kind === 'failed'
    if (isNew) this.#request.fail(null)
    if (isNew || isBack) this.stage = { kind: 'looking' }
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    const hasChanged = changed.has('stage') || changed.has('isLive') || changed.has('client')
    if (hasChanged && this.isLive && this.stage.kind === 'looking') void this.#look()
  }

  override render() {
    const { stage, strings } = this
    const { connect } = strings
    switch (stage.kind) {
      case 'looking':
        return this.#panel(
          html`<h2 id="heading" class="looking" tabindex="-1">
            <span class="spinner" aria-hidden="true"></span>${connect.looking}
          </h2>`,
          nothing,
        )
      case 'failed':
        return this.#panel(
          html`<h2 id="heading" tabindex="-1">${connect.failed}</h2>`,
          html`<button type="button" class="button primary" @click=${this.#retry}>${strings.again}</button
            >${this.#done(strings.close, 'button')}`,
          stage.problem,
        )
      case 'unknown':
        return this.#panel(outcome(connect.unknown), this.#done(strings.close, 'button'))
      case 'gone':
        return this.#panel(outcome(connect.gone), this.#done(strings.close, 'button'))
      case 'asking':
        return this.#panel(
          outcome({ title: connect.question(stage.app.name), text: connect.text(stage.app.name) }),
          html`<button
              type="button"
              class="button primary"
              aria-disabled=${this.#request.pending === null ? 'false' : 'true'}
              @click=${() => this.#connect(stage.app)}
            >
              ${connect.confirm}</button
            >${this.#done(connect.decline, 'button')}`,
        )
      case 'connected': {
        const { app, isNew } = stage
        const back = app.callback === null ? null : wayBack(app.callback)
        const said = isNew ? connect.done : connect.already
        return this.#panel(
          outcome({ title: said.title(app.name), text: said.text(app.name) }),
          html`${
            back === null
              ? nothing
              : html`<a class="button primary" href=${back.href}>${connect.goBack(back.host)}</a>`
          }${this.#done(connect.close, back === null ? 'button primary' : 'button')}`,
        )
      }
    }
  }

  #panel(content: TemplateResult, actions: TemplateResult | typeof nothing, problem = this.#request.problem) {
    return html`<section class="card" aria-labelledby="heading">
      ${content}
      ${problemAlert(problem)}
      ${actions === nothing ? nothing : html`<div class="actions">${actions}</div>`}
    </section>`
  }

  #done(text: string, look: string): TemplateResult {
    return html`<button type="button" class=${look} @click=${() => this.dispatchEvent(new LinkDoneEvent())}>
      ${text}
    </button>`
  }

  #retry = (): void => {
    this.stage = { kind: 'looking' }
  }

  async #look(): Promise<void> {
    const { client, link } = this
    if (client === null || link === null) return
    const look = async (): Promise<Stage> => {
      const app = await client.describeApp(link.app, link.callback)
      return app.isConnected ? this.#open(app, false) : { kind: 'asking', app }
    }
    const stage = await look().catch(
      (error: unknown): Stage =>
        error instanceof ChatError && UNKNOWN_CODES.has(error.code)
          ? { kind: 'unknown' }
          : { kind: 'failed', problem: errorText(error, this.strings) },
    )
    if (link === this.link) this.#show(stage)
  }

  /** The stage once the app is connected; the link's request is shown in the list of requests. */
  async #open(app: DescribedApp, isNew: boolean): Promise<Stage> {
    const { client, link } = this
    if (link?.request) {
      try {
        await client?.openRequest(link.request)
      } catch (error) {
        if (error instanceof ChatError && UNKNOWN_CODES.has(error.code)) return { kind: 'gone' }
        throw error
      }
    }
    return { kind: 'connected', app, isNew }
  }

  #show(stage: Stage): void {
    // The request is shown right below, with all that is to say.
    const isDone = stage.kind === 'connected' && this.link?.request && stage.app.callback === null
    if (isDone) this.dispatchEvent(new LinkDoneEvent())
    else this.stage = stage
  }

  async #connect(app: DescribedApp): Promise<void> {
    const { client, link } = this
    if (client === null) return
    let stage: Stage | null = null
    const connect = async () => {
      await client.connectApp(app.id)
      stage = await this.#open(app, true)
    }
    await this.#request.run('connect', connect, (error) => errorText(error, this.strings))
    if (stage !== null && link === this.link) this.#show(stage)
  }
}

const UNKNOWN_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unknown-app', 'not-found', 'bad-request'])

const outcome = ({ title, text }: Outcome) =>
  html`<h2 id="heading" tabindex="-1">${title}</h2>
    <p class="soft">${text}</p>`

/**
 * Returns the page to go back to. The server sends a page of the app or nothing; anything but a web page is refused,
 * whoever sent it.
 */
function wayBack(callback: string): URL | null {
  const url = URL.canParse(callback) ? new URL(callback) : null
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null
}
