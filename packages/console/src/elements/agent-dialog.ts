/** Dialog of one account: make it, or change its role and apps, its password and sessions, or remove it. */
import type { Agent, AgentState, AgentTeam } from '@chat-widget/client/agent'
import { type AgentRole, type AppId, LIMITS, plainName, type TeamMember } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { teamErrorText } from '../format/team-words.ts'
import { icons } from '../icons.ts'
import { base } from '../styles/base.styles.ts'
import { dialogStyles } from '../styles/dialog.styles.ts'
import { words } from '../words/words.ts'
import { agentDialogStyles } from './agent-dialog.styles.ts'
import { WordsElement } from './words-element.ts'

type View =
  | { readonly at: 'account' }
  | { readonly at: 'asking'; readonly what: 'remove' | 'password' }
  /** A temporary password, shown once. */
  | { readonly at: 'password'; readonly name: string; readonly password: string; readonly isCopied: boolean }

export class AgentDialog extends WordsElement {
  static override properties = {
    team: { attribute: false },
    apps: { attribute: false },
    agent: { attribute: false },
    changed: { attribute: false },
    member: { state: true },
    chosenRole: { state: true },
    view: { state: true },
    problem: { state: true },
    busy: { state: true },
  }

  static override styles = [base, dialogStyles, agentDialogStyles]

  declare team: AgentTeam | null
  declare apps: AgentState['apps']
  /** The agent who looks. */
  declare agent: Agent | null
  /** Called when something was changed. */
  declare changed: () => void
  /** `null`: a new account. */
  declare protected member: TeamMember | null
  declare protected chosenRole: AgentRole
  declare protected view: View
  declare protected problem: string | null
  declare protected busy: boolean

  constructor() {
    super()
    this.team = null
    this.apps = []
    this.agent = null
    this.changed = () => {}
    this.member = null
    this.chosenRole = 'agent'
    this.view = { at: 'account' }
    this.problem = null
    this.busy = false
  }

  /** `null`: for a new account. */
  async show(member: TeamMember | null): Promise<void> {
    this.member = member
    this.chosenRole = member?.role ?? 'agent'
    this.view = { at: 'account' }
    this.problem = null
    await this.updateComplete
    // To the marked choices, which are attributes for that.
    this.renderRoot.querySelector('form')?.reset()
    this.#dialog?.showModal()
  }

  override render() {
    const { member } = this
    return html`<dialog aria-labelledby="title">
      <div class="header">
        <h2 id="title">${member === null ? words().team.add : html`<bdi>${plainName(member.name)}</bdi>`}</h2>
        <button
          type="button"
          class="button quiet icon-only"
          aria-label=${words().view.closeShort}
          @click=${() => this.#dialog?.close()}
        >
          ${icons.close}
        </button>
      </div>
      <div role="alert">${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}</div>
      ${this.#content()}
    </dialog>`
  }

  #content() {
    const { view, member } = this
    switch (view.at) {
      case 'account':
        return html`${this.#form()}${member === null ? nothing : this.#more(member)}`
      case 'asking':
        return member === null ? nothing : this.#question(member, view.what)
      case 'password':
        return this.#password(view)
      default:
        return view satisfies never
    }
  }

  #form() {
    const { member } = this
    const { team } = words()
    return html`<form @submit=${this.#save} aria-busy=${this.busy ? 'true' : 'false'}>
      ${
        member === null
          ? html`<label
                >${words().templates.name}<input
                  class="field"
                  name="name"
                  required
                  maxlength=${LIMITS.nameLength}
                  autocomplete="off"
                  dir="auto" /></label
              ><label
                >${words().signIn.email}<input
                  class="field"
                  name="email"
                  type="email"
                  required
                  maxlength="254"
                  autocomplete="off"
                  spellcheck="false"
              /></label>`
          : html`<p class="soft">${member.email}</p>`
      }
      <label
        >${team.role}<select
          class="field"
          name="role"
          @change=${(event: Event) => {
            this.chosenRole = (event.target as HTMLSelectElement).value as AgentRole
          }}
        >
          ${this.#roles().map(
            (role) =>
              html`<option value=${role} ?selected=${role === this.chosenRole}>${team.roles[role]}</option>`,
          )}
        </select></label
      >
      <p class="soft">${team.hints[this.chosenRole]}</p>
      ${this.chosenRole === 'owner' ? nothing : this.#apps(member)}
      <div class="actions">
        <button type="button" class="button" @click=${() => this.#dialog?.close()}>${words().cancel}</button>
        <button class="button primary" aria-disabled=${this.busy ? 'true' : 'false'}>
          ${member === null ? team.add : words().edit.save}
        </button>
      </div>
    </form>`
  }

  /** Roles that the agent may give. */
  #roles(): readonly AgentRole[] {
    return this.agent?.role === 'owner' ? ['owner', 'admin', 'agent', 'reader'] : ['agent', 'reader']
  }

  #apps(member: TeamMember | null) {
    const given = member === null ? this.agent?.apps : member.apps
    const mayGiveAll = this.agent?.apps === undefined
    return html`<fieldset>
      <legend>${words().team.apps}</legend>
      ${
        mayGiveAll
          ? html`<label class="choice"
              ><input type="checkbox" name="all" ?checked=${given === undefined} @change=${() => this.requestUpdate()} />${words().list.allApps}</label
            >`
          : nothing
      }
      ${this.apps.map(
        ({ id, name }) =>
          html`<label class="choice"
            ><input type="checkbox" name="app" value=${id} ?checked=${given?.includes(id) ?? false} /><bdi
              >${plainName(name)}</bdi
            ></label
          >`,
      )}
    </fieldset>`
  }

  #more(member: TeamMember) {
    const { team } = words()
    const isSelf = member.id === this.agent?.id
    return html`<section aria-label=${team.sessions}>
        <h3>${team.sessions}</h3>
        <session-list .team=${this.team} .agentId=${member.id}></session-list>
      </section>
      ${
        isSelf
          ? nothing
          : html`<div class="actions">
              <button type="button" class="button" @click=${() => this.#go({ at: 'asking', what: 'password' })}>
                ${team.newPassword}
              </button>
              <button
                type="button"
                class="button danger"
                @click=${() => this.#go({ at: 'asking', what: 'remove' })}
              >
                ${icons.bin}${team.remove}
              </button>
            </div>`
      }`
  }

  #question(member: TeamMember, what: 'remove' | 'password') {
    const { team } = words()
    const isRemoval = what === 'remove'
    const act = () => void (isRemoval ? this.#remove(member) : this.#resetPassword(member))
    return html`<p>${isRemoval ? team.removeQuestion(plainName(member.name)) : team.passwordQuestion(plainName(member.name))}</p>
      <div class="actions">
        <button type="button" class="button" @click=${() => this.#go({ at: 'account' })}>${words().cancel}</button>
        <button type="button" class=${isRemoval ? 'button danger' : 'button primary'} @click=${act}>
          ${isRemoval ? team.remove : team.newPassword}
        </button>
      </div>`
  }

  #password({ name, password, isCopied }: Extract<View, { at: 'password' }>) {
    const { team } = words()
    return html`<p>${team.temporary(plainName(name))}</p>
      <p class="password"><output dir="ltr">${password}</output></p>
      <div class="actions">
        <button type="button" class="button primary" @click=${() => void this.#copy(password)}>
          ${isCopied ? words().run.copied : words().run.copy}
        </button>
        <button type="button" class="button" @click=${() => this.#dialog?.close()}>${words().view.closeShort}</button>
      </div>`
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  #go(view: View): void {
    this.problem = null
    this.view = view
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('.actions .button:last-child')?.focus(),
    )
  }

  #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (this.busy || !(event.target instanceof HTMLFormElement)) return
    const data = new FormData(event.target)
    const { chosenRole: role, member } = this
    const chosen = data.getAll('app').map(String) as AppId[]
    const apps = role === 'owner' || data.has('all') ? null : chosen
    if (apps?.length === 0) {
      this.problem = words().team.noApps
      return
    }
    await this.#attempt(async (team) => {
      if (member === null) {
        const name = String(data.get('name') ?? '').trim()
        const email = String(data.get('email') ?? '').trim()
        const password = await team.add({ name, email, role, apps: apps === null ? null : [...apps] })
        this.#go({ at: 'password', name, password, isCopied: false })
        return
      }
      await team.change(member.id, {
        ...(role !== member.role && { role }),
        ...(String(apps) !== String(member.apps ?? null) && { apps }),
      })
      this.#dialog?.close()
    })
  }

  async #resetPassword({ id, name }: TeamMember): Promise<void> {
    await this.#attempt(async (team) => {
      const password = await team.resetPassword(id)
      this.#go({ at: 'password', name, password, isCopied: false })
    })
  }

  async #remove({ id }: TeamMember): Promise<void> {
    await this.#attempt(async (team) => {
      await team.remove(id)
      this.#dialog?.close()
    })
  }

  async #copy(password: string): Promise<void> {
    await navigator.clipboard?.writeText(password)
    if (this.view.at === 'password') this.view = { ...this.view, isCopied: true }
  }

  async #attempt(work: (team: AgentTeam) => Promise<void>): Promise<void> {
    this.problem = null
    this.busy = true
    try {
      if (this.team !== null) await work(this.team)
      this.changed()
    } catch (error) {
      this.problem = teamErrorText(error, this.member === null ? 'add' : 'change')
    } finally {
      this.busy = false
    }
  }
}
