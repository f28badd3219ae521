/** The choice of the page's language: each by its own name, or as in the browser. */
import { css, html } from 'lit'
import { base } from '../styles/base.styles.ts'
import { chooseLanguage, chosenLanguage, languages, words } from '../words/words.ts'
import { WordsElement } from './words-element.ts'

export class LanguageChoice extends WordsElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      div {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }

      label,
      select {
        color: var(--ink-soft);
        font-size: 0.8125rem;
      }

      select {
        flex: 1;
        min-inline-size: 0;
      }
    `,
  ]

  override render() {
    const chosen = chosenLanguage()
    return html`<div>
      <label for="language">${words().language}</label>
      <select class="field" id="language" @change=${this.#choose}>
        <option value="" .selected=${chosen === null}>${words().languageOfBrowser}</option>
        ${languages().map(
          (tag) =>
            html`<option value=${tag} lang=${tag} .selected=${tag === chosen}>${ownName(tag)}</option>`,
        )}
      </select>
    </div>`
  }

  #choose = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement) void chooseLanguage(target.value === '' ? null : target.value)
  }
}

const ownName = (tag: string): string => new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
