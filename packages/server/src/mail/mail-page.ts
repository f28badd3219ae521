/** The frame of HTML mails. Styles stand in attributes: mail programs drop sheets, and nothing is loaded. */
import { type Html, type HtmlValue, html } from '../text/html.ts'

export interface MailPage {
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  readonly title: string
  readonly content: Html
}

/** Of its own colours, so that a program's dark look is its own affair. */
export const mailPage = ({ language, direction, title, content }: MailPage): string =>
  String(html`<!doctype html>
<html lang="${language}" dir="${direction}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
  </head>
  <body style="margin:0;padding:24px 16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5;overflow-wrap:anywhere">
    <main style="max-width:34em;margin:0 auto">
    ${content}
    </main>
  </body>
</html>
`)

/** The one thing to do. */
export const mailButton = (address: string, text: string): Html =>
  html`<p style="margin:24px 0"><a href="${address}" style="display:inline-block;padding:12px 24px;border-radius:10px;background:#1d4fd7;color:#ffffff;font-weight:600;text-decoration:none">${text}</a></p>`

/** A line in small type, below the message itself. */
export const mailNote = (...content: readonly HtmlValue[]): Html =>
  html`<p style="margin:24px 0 0;padding:16px 0 0;border-top:1px solid #8884;font-size:14px">${content}</p>`
