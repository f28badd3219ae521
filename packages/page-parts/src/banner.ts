/** One line across the top while what is shown may not be what is so. Its padding is the page's own. */
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

/** Its place stays in the page while there is nothing to say, so that screen readers hear what comes into it. */
export function bannerLine(text: string | null): TemplateResult {
  return html`<div role="status">
    ${text === null ? nothing : html`<p>${icons.warning}<span>${text}</span></p>`}
  </div>`
}
