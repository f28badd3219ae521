/** Forms in the console: what is asked, and whether it was answered. */
import { type Form, plainName } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { words } from '../words/words.ts'
import type { ConsoleKind } from './console-kind.ts'
import { outcome } from './outcome.ts'

/** `isAnswered`: absent of a form that is not sent yet. */
const drawForm = ({ title, fields, submit }: Form, sentAt: string, isAnswered?: boolean) =>
  html`<div class="bubble card" title=${sentAt}>
    <span class="card-title">${icons.form}${words().kinds.form}</span>
    ${title === undefined ? nothing : html`<strong dir="auto">${plainName(title)}</strong>`}
    <ul class="fields" role="list">
      ${fields.map(
        ({ label, required, options }) =>
          html`<li>
            <bdi>${plainName(label)}</bdi>${
              required ? nothing : html` <span class="soft">${words().actions.optional}</span>`
            }${
              options === undefined
                ? nothing
                : html`<span class="soft options" dir="auto">${options.map((option) => plainName(option.label)).join(' · ')}</span>`
            }
          </li>`,
      )}
    </ul>
    <span class="card-button"
      ><span class="visually-hidden">${words().card.buttonIs} </span><bdi>${plainName(submit)}</bdi></span
    >
    ${isAnswered === undefined ? nothing : outcome(isAnswered, isAnswered ? words().kinds.answered : words().kinds.notAnswered)}
  </div>`

export const form: ConsoleKind<'form'> = {
  shape: 'bubble',
  describe: ({ form: { title } }) => (title === undefined ? words().kinds.form : plainName(title)),
  draw: ({ form, seq }, { sentAt, answers }) => drawForm(form, sentAt, answers.to(seq) !== undefined),
  drawPending: ({ form }, { sentAt = '' }) => drawForm(form, sentAt),
}
