/** Why something failed. Its place stays in the page, so that screen readers hear what comes into it. */

import { html, nothing, type TemplateResult } from 'lit'
import { icons } from './icons.ts'

/** Fields that it is about name it by `aria-describedby="problem"`. */
export const problemAlert = (problem: string | null): TemplateResult =>
  html`<div id="problem" class="empty" role="alert">
    ${problem === null ? nothing : html`<p class="error">${icons.warning}<span>${problem}</span></p>`}
  </div>`
