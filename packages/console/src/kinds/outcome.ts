/** The line at the end of a card that says how it went. */
import { html } from 'lit'
import { icons } from '../icons.ts'

export const outcome = (isDone: boolean, text: string) =>
  html`<span class=${isDone ? 'outcome done' : 'outcome'}>${isDone ? icons.check : icons.clock}${text}</span>`
