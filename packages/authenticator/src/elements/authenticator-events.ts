/** Events of the authenticator's elements. They bubble and are composed. */

const options = { bubbles: true, composed: true } as const

/** The person confirmed that they saved the codes. */
export class CodesSavedEvent extends CustomEvent<null> {
  constructor() {
    super('codes-saved', { ...options, detail: null })
  }
}

/** The link that the page was opened with is done. */
export class LinkDoneEvent extends CustomEvent<null> {
  constructor() {
    super('link-done', { ...options, detail: null })
  }
}

declare global {
  interface HTMLElementEventMap {
    'codes-saved': CodesSavedEvent
    'link-done': LinkDoneEvent
  }
}
