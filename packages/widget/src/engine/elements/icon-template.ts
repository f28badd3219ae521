/** An icon in a template of Lit, which keeps its element from one rendering to the next. */
import { html } from '../lit.ts'

export const iconTemplate = (path: string) =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`
