/** The binding code of a sign-in: digits that the visitor types on the other device. */
import { canCopy, copyText } from '@chat-widget/client/browser'
import type { SignInStrings } from '../../locales/parts/sign-in.ts'
import { iconTemplate } from '../elements/icon-template.ts'
import { html, nothing } from '../lit.ts'

type Strings = Pick<SignInStrings, 'signInCode' | 'signInCopy' | 'signInCopied'>

const copyIcon = 'M9 9h10v11H9zM15 9V4H5v11h4'

/** `421 709` is easier to copy to another device than `421709`. */
const grouped = (code: string): readonly string[] => code.match(/.{1,3}/g) ?? []

/** Screen readers say separated digits one by one. */
export const spelled = (code: string): string => [...code].join(' ')

/** The digits, with a button that copies them. `say`: announces a text to screen readers. */
export const shownCode = (code: string, strings: Strings, say: (text: string) => void) =>
  html`<div class="code" part="sign-in-code">
    <span class="sr">${strings.signInCode} ${spelled(code)}</span>
    <span aria-hidden="true">${grouped(code).map((digits) => html`<b>${digits}</b>`)}</span>
    ${canCopy() ? copyButton(code, strings, say) : nothing}
  </div>`

function copyButton(code: string, strings: Strings, say: (text: string) => void) {
  const copy = async () => {
    // Cleared first: the same words are announced again.
    say('')
    if (await copyText(code)) say(strings.signInCopied)
  }
  return html`<button
    type="button"
    class="icon-button"
    aria-label=${strings.signInCopy}
    title=${strings.signInCopy}
    @click=${copy}
  >
    ${iconTemplate(copyIcon)}
  </button>`
}
