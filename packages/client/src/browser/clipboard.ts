/** The clipboard: only pages of a secure origin have one. */
import { attempt } from './browser.ts'

/** True on pages of a secure origin: others may not copy text. */
export const canCopy = (): boolean => (attempt(() => navigator.clipboard) ?? null) !== null

/** Answers whether the text is in the clipboard; `false` too where the browser has not said within five seconds. */
export function copyText(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), 5_000)
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(text))
      .then(
        () => resolve(true),
        () => resolve(false),
      )
      .finally(() => clearTimeout(timer))
  })
}
