/** The authenticator's icons: 16 × 16 outlines that take the text's colour and are hidden from assistive technology. */
import { html, type TemplateResult } from 'lit'

const outline = (d: string): TemplateResult => html`<svg
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
  shield: outline('M8 1.75 13 3.5v4c0 3.2-2.1 5.6-5 6.75C5.1 13.1 3 10.7 3 7.5v-4zM5.75 8l1.6 1.6 2.9-3.2'),
  check: outline('m3.5 8.5 3 3 6-7'),
  close: outline('M4 4l8 8M12 4l-8 8'),
  warning: outline('M8 2.25 14.25 13H1.75zM8 6.5v3M8 11.25v.01'),
  copy: outline('M5.5 5.5h7.75v7.75H5.5zM3 10.5V3h7.5'),
  plus: outline('M8 3.5v9M3.5 8h9'),
  key: outline('M10.25 9.25a3.5 3.5 0 1 0-3.3-2.3L2 12v2h2v-1.5h1.5V11H7l1.1-1.1M11 5.25v.01'),
  print: outline('M4.5 6V2.25h7V6M4.5 11.5H2.75v-5h10.5v5H11.5M4.5 9.5h7v4.25h-7z'),
  download: outline('M8 2.5v7.25M4.75 6.75 8 10l3.25-3.25M2.75 13.25h10.5'),
  bell: outline(
    'M8 2a4 4 0 0 0-4 4c0 3-1.25 4.25-1.25 5.25h10.5C13.25 10.25 12 9 12 6a4 4 0 0 0-4-4zM6.5 13.5h3',
  ),
  next: outline('M6 3l5 5-5 5'),
  back: outline('M10 3 5 8l5 5'),
  minus: outline('M4 8h8'),
  clock: outline('M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3l2 1.5'),
} as const
