/** An icon button of the panel's header, whose name is shown on hover. */
import { html } from 'lit/html.js'
import { ask, type PanelRequest } from '../panel-request.ts'

export const iconButton = (panel: HTMLElement, label: string, icon: unknown, request: PanelRequest) =>
  html`<button
    type="button"
    class="icon-button"
    part=${request.type}
    aria-label=${label}
    title=${label}
    @click=${() => ask(panel, request)}
  >
    ${icon}
  </button>`
