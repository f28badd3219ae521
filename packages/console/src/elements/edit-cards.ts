/** Fields for cards. */
import { LIMITS } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { type DraftButton, type DraftCard, EMPTY_BUTTON, EMPTY_CARD } from '../templates/draft-body.ts'
import { words } from '../words/words.ts'
import { addButton, lineField, removeButton, replaced, textField, without } from './fields.ts'

type Change = (cards: readonly DraftCard[]) => void

export const editCards = (cards: readonly DraftCard[], change: Change) => html`
  ${cards.map((card, index) => {
    const set = (part: Partial<DraftCard>) => change(replaced(cards, index, { ...card, ...part }))
    const name = words().editor.card(index + 1)
    return html`<fieldset aria-label=${name}>
      <div class="part">
        ${name}${cards.length > 1 ? removeButton(words().editor.removeCard(index + 1), () => change(without(cards, index))) : nothing}
      </div>
      ${lineField({
        ...{ label: words().editor.title, value: card.title, most: LIMITS.titleLength, isRequired: true },
        change: (title) => set({ title }),
      })}
      ${textField({
        ...{ label: words().card.text, value: card.text, most: LIMITS.cardTextLength },
        change: (text) => set({ text }),
      })}
      <div class="pair">
        ${lineField({
          ...{
            label: words().editor.picture,
            value: card.picture,
            most: LIMITS.urlLength,
            placeholder: 'https://',
          },
          change: (picture) => set({ picture }),
        })}
        ${
          card.picture.trim() === ''
            ? nothing
            : lineField({
                ...{
                  label: words().editor.pictureText,
                  value: card.alt,
                  most: LIMITS.altLength,
                  isRequired: true,
                },
                change: (alt) => set({ alt }),
              })
        }
      </div>
      ${editButtons(card.buttons, (buttons) => set({ buttons }))}
    </fieldset>`
  })}
  ${addButton(words().editor.addCard, () => change([...cards, EMPTY_CARD]), cards.length >= LIMITS.cards)}
`

const editButtons = (
  buttons: readonly DraftButton[],
  change: (buttons: readonly DraftButton[]) => void,
) => html`
  ${buttons.map((button, index) => {
    const set = (part: Partial<DraftButton>) => change(replaced(buttons, index, { ...button, ...part }))
    return html`<div class="row">
      ${lineField({
        ...{ label: words().card.button, value: button.label, most: LIMITS.buttonLength, isRequired: true },
        ...{ isBare: true, placeholder: words().card.button },
        change: (label) => set({ label, value: '' }),
      })}
      ${lineField({
        ...{ label: words().editor.address, value: button.url, most: LIMITS.urlLength },
        ...{ isBare: true, placeholder: words().editor.address },
        change: (url) => set({ url }),
      })}
      ${removeButton(words().editor.removeButton(index + 1), () => change(without(buttons, index)))}
    </div>`
  })}
  ${addButton(words().editor.addButton, () => change([...buttons, EMPTY_BUTTON]), buttons.length >= LIMITS.cardButtons)}
`
