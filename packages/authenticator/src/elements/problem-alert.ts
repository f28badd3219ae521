/** An error message. Its element stays in the page, so that screen readers announce its content. */

import { html, nothing, type TemplateResult } from 'lit'
import { icons } from './icons.ts'

/** Fields that it concerns refer to it by `aria-describedby="problem"`. */
export const problemAlert = (problem: string | null): TemplateResult =>
  html`<div id="problem" class="empty" role="alert">
    ${problem === null ? nothing : html`<p class="error">${icons.warning}<span>${problem}</span></p>`}
  </div>`
