/** The head of a page: the way back on a phone, its title, and what it offers. */
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { hashOfConversation } from '../routing/hash-route.ts'
import { words } from '../words/words.ts'

export const pageHeader = (title: string, actions: unknown = nothing) => html`<div class="header">
  <a class="button quiet icon-only back" href=${hashOfConversation(null)} aria-label=${words().view.back}
    >${icons.back}</a
  >
  <h2 tabindex="-1">${title}</h2>
  ${actions}
</div>`
