/** Cards in the console, as the visitor sees them; their buttons do nothing here, but links lead where they lead. */
import { otherHost } from '@chat-widget/client/rich-text'
import { type Card, IMAGE_SCHEMES, isSafeUrl, LINK_SCHEMES, plainName } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { words } from '../words/words.ts'
import { choiceLabel } from './choices.ts'
import type { ConsoleKind } from './console-kind.ts'

const titles = (cards: readonly Card[], separator: string) =>
  cards.map(({ title }) => plainName(title)).join(separator)

const lost = (event: Event) => event.target instanceof Element && event.target.classList.add('lost')

/** The text stands below the picture: seen while it loads, and if it cannot be. */
const picture = ({ url, alt }: NonNullable<Card['image']>) =>
  html`<div class="image">
    <span aria-hidden="true">${plainName(alt)}</span>
    ${
      isSafeUrl(url, IMAGE_SCHEMES)
        ? html`<img
            src=${url}
            alt=${plainName(alt)}
            loading="lazy"
            decoding="async"
            referrerpolicy="no-referrer"
            @error=${lost}
          />`
        : nothing
    }
  </div>`

function cardButton(button: Card['buttons'][number], taken: string | null) {
  if ('value' in button)
    return html`<span class=${button.value === taken ? 'card-button taken' : 'card-button'}
      >${choiceLabel(button.label, button.value === taken)}</span
    >`
  const label = plainName(button.label)
  if (!isSafeUrl(button.url, LINK_SCHEMES)) return html`<span class="card-button"><bdi>${label}</bdi></span>`
  const host = otherHost(label, button.url)
  return html`<a class="card-button" href=${button.url} target="_blank" rel="noopener noreferrer"
    ><bdi>${label}</bdi>${host === null ? nothing : ` (${host})`}${icons.outward}</a
  >`
}

const card = ({ title, text, image, buttons }: Card, taken: string | null) =>
  html`${image === undefined ? nothing : picture(image)}
    <div class="card-text">
      <strong dir="auto">${plainName(title)}</strong>
      ${text === undefined ? nothing : html`<p dir="auto">${text}</p>`}
    </div>
    ${buttons.length === 0 ? nothing : html`<div class="card-buttons">${buttons.map((button) => cardButton(button, taken))}</div>`}`

function drawCards(cards: readonly Card[], taken: string | null, sentAt: string) {
  const [first] = cards
  if (cards.length === 1 && first !== undefined)
    return html`<div class="offer" title=${sentAt}>${card(first, taken)}</div>`
  return html`<div class="carousel" role="list" aria-label=${words().kinds.cards} tabindex="0" title=${sentAt}>
    ${cards.map((each) => html`<div class="offer" role="listitem">${card(each, taken)}</div>`)}
  </div>`
}

export const cards: ConsoleKind<'cards'> = {
  shape: 'bubble',
  describe: ({ cards }) => titles(cards, ' · '),
  draw: ({ cards, seq }, { sentAt, answers }) => drawCards(cards, answers.choiceOf(seq), sentAt),
  drawPending: ({ cards }, { sentAt = '' }) => drawCards(cards, null, sentAt),
}
