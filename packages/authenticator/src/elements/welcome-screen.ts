/** First page, without a device: set one up, add it to an identifier, or recover by a code. */
import { AUTHENTICATOR_LIMITS } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import type { AuthenticatorClientApi } from '../device/authenticator-client-api.ts'
import { knownParts, readDeviceName } from '../device/device-name.ts'
import { readDigits } from '../format/digits.ts'
import { errorText } from '../format/error-text.ts'
import { type PageLink, readDeviceCode } from '../link.ts'
import { base } from '../styles/base.styles.ts'
import { LinkDoneEvent } from './authenticator-events.ts'
import { icons } from './icons.ts'
import { problemAlert } from './problem-alert.ts'
import { RequestController } from './request-controller.ts'
import { StringsElement } from './strings-element.ts'
import { welcomeStyles } from './welcome-screen.styles.ts'

type Way = 'set-up' | 'add' | 'recover'
type Field = 'identifier' | 'code' | 'name'

/** @event link-done - The person declined the link that the page was opened with. */
export class WelcomeScreen extends StringsElement {
  static override properties = {
    client: { attribute: false },
    link: { attribute: false },
    way: { state: true },
    refused: { state: true },
  }

  static override styles = [base, welcomeStyles]

  declare client: Pick<AuthenticatorClientApi, 'enroll' | 'join' | 'recover'> | null
  /** The link that the page was opened with. */
  declare link: PageLink | null
  declare protected way: Way | null
  /** The field with an invalid value. */
  declare protected refused: Field | null
  readonly #request = new RequestController(this)

  constructor() {
    super()
    this.client = null
    this.link = null
    this.way = null
    this.refused = null
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('link') && this.link?.kind === 'join') this.way = 'add'
  }

  override render() {
    return html`<section class="card" aria-labelledby="heading">
      ${this.way === null ? this.#choices() : this.#form(this.way)}
    </section>`
  }

  #choices() {
    const { welcome } = this.strings
    return html`<div class="mark">${icons.shield}</div>
      <h2 id="heading" tabindex="-1">${welcome.title}</h2>
      <p class="soft">${welcome.text}</p>
      ${this.link?.kind === 'connect' ? html`<p class="notice">${welcome.connectAfter}</p>` : nothing}
      <div class="ways">
        ${this.#way('set-up', welcome.setUp, welcome.setUpHint)}
        ${this.#way('add', welcome.add, welcome.addHint)}
        ${this.#way('recover', welcome.recover, welcome.recoverHint)}
      </div>`
  }

  #way(way: Way, name: string, hint: string) {
    return html`<button type="button" class="way ${way === 'set-up' ? 'main' : ''}" @click=${() => this.#go(way)}>
      <strong>${name}</strong><span class="hint">${hint}</span>${icons.next}
    </button>`
  }

  #form(way: Way) {
    const { strings } = this
    const { welcome } = strings
    const { title, text, confirm } = {
      'set-up': { title: welcome.setUp, text: welcome.setUpText, confirm: welcome.setUpConfirm },
      add: { title: welcome.add, text: welcome.addText, confirm: welcome.addConfirm },
      recover: { title: welcome.recover, text: welcome.recoverText, confirm: welcome.recoverConfirm },
    }[way]
    const linkCode = this.link?.kind === 'join' ? this.link.code : null
    const isBusy = this.#request.pending !== null
    return html`<h2 id="heading" tabindex="-1">${title}</h2>
      ${
        way === 'add' && linkCode !== null
          ? html`<p class="notice warn">${welcome.addByLinkText}</p>`
          : html`<p class="soft">${text}</p>`
      }
      <form novalidate autocomplete="off" @submit=${this.#submit}>
        ${
          way === 'recover'
            ? this.#field('identifier', strings.identifier.field, 'code', 'numeric', 20)
            : nothing
        }
        ${
          way === 'recover' || (way === 'add' && linkCode === null)
            ? this.#field('code', way === 'add' ? welcome.addCode : welcome.recoverCode, 'code', 'text', 300)
            : nothing
        }
        <div class="row">
          <label for="name">${welcome.deviceName}</label>
          <input
            class="field"
            id="name"
            name="name"
            type="text"
            dir="auto"
            maxlength=${AUTHENTICATOR_LIMITS.deviceNameLength}
            aria-describedby="name-hint problem"
            aria-invalid=${this.refused === 'name' ? 'true' : 'false'}
            .value=${this.#suggestedName()}
          />
          <p id="name-hint" class="soft small">${welcome.deviceNameHint}</p>
        </div>
        ${problemAlert(this.#request.problem)}
        <div class="actions">
          <button class="button primary" aria-disabled=${isBusy ? 'true' : 'false'}>
            ${isBusy ? html`<span class="spinner" aria-hidden="true"></span>${welcome.working}` : confirm}
          </button>
          <button
            type="button"
            class="button quiet go-back"
            aria-disabled=${isBusy ? 'true' : 'false'}
            @click=${this.#back}
          >
            ${icons.back}${strings.back}
          </button>
        </div>
      </form>`
  }

  #field(name: Field, label: string, look: string, inputMode: string, maxLength: number) {
    return html`<div class="row">
      <label for=${name}>${label}</label>
      <input
        class="field ${look}"
        id=${name}
        name=${name}
        type="text"
        dir="ltr"
        inputmode=${inputMode}
        autocapitalize="off"
        spellcheck="false"
        maxlength=${maxLength}
        aria-describedby="problem"
        aria-invalid=${this.refused === name ? 'true' : 'false'}
      />
    </div>`
  }

  #suggestedName(): string {
    const { browser, system } = knownParts(navigator.userAgent)
    const { welcome } = this.strings
    if (browser !== undefined && system !== undefined) return welcome.deviceNamed(browser, system)
    return browser ?? system ?? welcome.thisDevice
  }

  #go(way: Way | null): void {
    this.way = way
    this.refused = null
    this.#request.fail(null)
    void this.updateComplete.then(() => this.renderRoot.querySelector('h2')?.focus())
  }

  #back = (): void => {
    if (this.#request.pending !== null) return
    if (this.link?.kind === 'join') this.dispatchEvent(new LinkDoneEvent())
    this.#go(null)
  }

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const { client, way } = this
    if (!(event.target instanceof HTMLFormElement) || client === null || way === null) return
    const data = new FormData(event.target)
    const typed = (field: string) => String(data.get(field) ?? '').trim()
    const { errors } = this.strings
    const name = readDeviceName(typed('name'))
    const identifier = readDigits(typed('identifier'))
    const code = this.link?.kind === 'join' ? this.link.code : readDeviceCode(typed('code'))
    if (way === 'recover' && identifier.length !== AUTHENTICATOR_LIMITS.identifierDigits)
      return this.#refuse('identifier', errors.identifierMissing)
    if (way !== 'set-up' && code === '') return this.#refuse('code', errors.codeMissing)
    if (name === null) return this.#refuse('name', errors.nameMissing)
    this.refused = null
    const act = async () => {
      switch (way) {
        case 'set-up':
          await client.enroll(name)
          break
        case 'add':
          await client.join(code, name)
          break
        case 'recover':
          await client.recover(identifier, code, name)
          break
        default:
          way satisfies never
      }
    }
    const wrong = way === 'recover' ? errors.wrongRecovery : errors.wrongInvitation
    const explain = (error: unknown) =>
      errorText(error, this.strings, {
        'not-found': wrong,
        'bad-request': wrong,
        // A first device cannot be one too many.
        ...(way === 'set-up' ? {} : { conflict: errors.tooManyDevices }),
      })
    await this.#request.run(way, act, explain)
  }

  #refuse(field: Field, problem: string): void {
    this.refused = field
    this.#request.fail(problem)
    this.renderRoot.querySelector<HTMLElement>(`#${field}`)?.focus()
  }
}
