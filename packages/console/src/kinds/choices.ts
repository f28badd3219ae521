/** Choices that a message offers the visitor, and the one that was taken. */
import { type Choice, plainName } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { words } from '../words/words.ts'

/** A choice's label, marked if it was taken. */
export const choiceLabel = (label: string, isTaken: boolean) =>
  html`${isTaken ? icons.check : nothing}<bdi>${plainName(label)}</bdi>${
    isTaken ? html`<span class="visually-hidden">, ${words().kinds.chosen}</span>` : nothing
  }`

/** Quick replies, as the visitor sees them. */
export const choiceList = (choices: readonly Choice[] | undefined, taken: string | null) =>
  choices === undefined
    ? nothing
    : html`<ul class="choices" role="list" aria-label=${words().kinds.quickReplies}>
        ${choices.map(
          ({ label, value }) =>
            html`<li class=${value === taken ? 'choice taken' : 'choice'}>${choiceLabel(label, value === taken)}</li>`,
        )}
      </ul>`
