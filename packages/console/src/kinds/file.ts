/** Files in the console: a picture, or name, type and size; each leads to its bytes, which the agent's cookie opens. */
import { type AppId, plainName, type SentFile } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { words } from '../words/words.ts'
import type { ConsoleKind } from './console-kind.ts'
import { fileSize, fileType } from './file-size.ts'
import { textBubble } from './text.ts'

/** Pictures that the server tells as such; anything else is a download. */
const PICTURE = /^image\/(png|jpeg|gif|webp)$/

const urlOf = (app: AppId, { id }: SentFile) =>
  new URL(`../v1/apps/${encodeURIComponent(app)}/files/${id.replaceAll(/[^\w-]/g, '')}`, location.href).href

/** The row below it is shown instead. */
const lost = (event: Event) =>
  event.target instanceof Element && event.target.closest('.picture')?.classList.add('lost')

const row = (file: SentFile, url: string, sentAt: string) =>
  html`<a class="bubble file" href=${url} download=${plainName(file.name)} title=${sentAt}>
    ${icons.file}
    <span class="file-text">
      <bdi class="file-name">${plainName(file.name)}</bdi>
      <span class="soft">${fileType(file)} · ${fileSize(file.size)}</span>
    </span>
    ${icons.download}
  </a>`

const picture = (file: SentFile, url: string) =>
  html`<a class="picture" href=${url} target="_blank" rel="noopener noreferrer"
    ><img
      src=${url}
      alt=${plainName(file.name)}
      width=${file.width ?? nothing}
      height=${file.height ?? nothing}
      loading="lazy"
      decoding="async"
      @error=${lost}
  /></a>`

export const file: ConsoleKind<'file'> = {
  shape: 'bubble',
  describe: ({ file, caption }) => caption ?? plainName(file.name),
  draw({ file, caption }, { sentAt, app }) {
    const url = urlOf(app, file)
    return html`${PICTURE.test(file.mediaType) ? picture(file, url) : nothing}${row(file, url, sentAt)}${
      caption === undefined ? nothing : textBubble(caption, sentAt)
    }`
  },
  drawPending: ({ text }, sentAt) =>
    html`<div class="bubble file">${icons.file}<span class="file-text">${words().kinds.file}</span></div>
      ${text === undefined ? nothing : textBubble(text, sentAt)}`,
}
