/** A line across the top while the shown state may be outdated. Each page sets its own padding. */
import { css, html, nothing, type TemplateResult } from 'lit'
import { icons } from './icons.ts'

export const bannerStyles = css`
  p {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    background: var(--warn-surface);
    color: var(--warn);
    font-weight: 500;
  }
`

/** Its element stays in the page without text, so that screen readers announce its content. */
export function bannerLine(text: string | null): TemplateResult {
  return html`<div role="status">
    ${text === null ? nothing : html`<p>${icons.warning}<span>${text}</span></p>`}
  </div>`
}
