/** Icons: 16 × 16 outlines that take the text's colour and are hidden from assistive technology. */
import { html, type TemplateResult } from 'lit'

/** `d`: the path. */
export const outline = (d: string): TemplateResult => html`<svg
  viewBox="0 0 16 16"
  fill="none"
  stroke="currentColor"
  stroke-width="1.5"
  stroke-linecap="round"
  stroke-linejoin="round"
  aria-hidden="true"
>
  <path d=${d}></path>
</svg>`

export const icons = {
  back: outline('M10 3 5 8l5 5'),
  check: outline('m3.5 8.5 3 3 6-7'),
  clock: outline('M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3l2 1.5'),
  close: outline('M4 4l8 8M12 4l-8 8'),
  plus: outline('M8 3.5v9M3.5 8h9'),
  shield: outline('M8 1.75 13 3.5v4c0 3.2-2.1 5.6-5 6.75C5.1 13.1 3 10.7 3 7.5v-4zM5.75 8l1.6 1.6 2.9-3.2'),
  warning: outline('M8 2.25 14.25 13H1.75zM8 6.5v3M8 11.25v.01'),
} as const
