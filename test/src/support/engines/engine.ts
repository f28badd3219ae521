/** Browsers beside Chromium, each driven by its own tool, and what the stories need of them. */

/** The first visible element, in whichever shadow root, that holds the text and stands still. */
export interface Target {
  readonly selector: string
  readonly text?: string
}

export interface EnginePage {
  goto(url: string): Promise<void>
  /** Runs a function in the page, where it sees nothing of this module. */
  evaluate<T>(run: () => T): Promise<T>
  click(target: Target): Promise<void>
  /** Types into what has the focus. */
  type(text: string): Promise<void>
  press(key: 'Tab' | 'Enter' | 'Escape'): Promise<void>
  /** Chooses a file for the `<input type="file">` in a label that is seen. */
  chooseFile(label: Target, path: string): Promise<void>
}

export interface Engine {
  readonly version: string
  /** A page of a new visitor. */
  page(): Promise<EnginePage>
  close(): Promise<void>
}

/** Runs in the page. A call returns nothing unless the element stood in the same place at the call before: a click would miss it. */
export function findDeep(selector: string, text: string): Element | null {
  const visit = (root: Document | ShadowRoot): Element | null => {
    for (const element of root.querySelectorAll('*')) {
      const isMeant = element.matches(selector) && element.textContent?.includes(text)
      if (isMeant && element.checkVisibility()) return element
      const found = element.shadowRoot && visit(element.shadowRoot)
      if (found) return found
    }
    return null
  }
  const element = visit(document)
  const { x, y } = element?.getBoundingClientRect() ?? {}
  const sights = globalThis as { lastSight?: string }
  const before = sights.lastSight
  sights.lastSight = [selector, text, x, y].join()
  return before === sights.lastSight ? element : null
}
