/** A page of the server that is not an application: of a link in a mail. It keeps its address to itself. */
import { type Html, html } from './html.ts'

export interface HtmlPage {
  readonly title: string
  /** BCP 47. */
  readonly language: string
  readonly dir: 'ltr' | 'rtl'
  /** Address of the style sheet. */
  readonly stylesheet: string
}

export const htmlPage = (
  { title, language, dir, stylesheet }: HtmlPage,
  main: Html,
): Html => html`<!doctype html>
<html lang="${language}" dir="${dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <meta name="robots" content="noindex">
    <title>${title}</title>
    <link rel="stylesheet" href="${stylesheet}">
  </head>
  <body>${main}
  </body>
</html>
`
