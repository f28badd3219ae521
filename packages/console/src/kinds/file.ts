/** Files in the console: a picture, or name, type and size; each leads to its bytes, which the agent's cookie opens. */
import type { OutgoingFile } from '@chat-widget/client'
import { isPicture } from '@chat-widget/client/files'
import { type AppId, plainName, type SentFile } from '@chat-widget/protocol'
import { html, nothing } from 'lit'
import { icons } from '../icons.ts'
import { appAddress } from '../routing/app-address.ts'
import { words } from '../words/words.ts'
import type { ConsoleKind, PendingContext } from './console-kind.ts'
import { fileFacts } from './file-words.ts'
import { previewAddress } from './picture-preview.ts'
import { textBubble } from './text.ts'

const urlOf = (app: AppId, { id }: SentFile) => appAddress(app, `files/${id.replaceAll(/[^\w-]/g, '')}`)

/** The row below it is shown instead. */
const lost = (event: Event) =>
  event.target instanceof Element && event.target.closest('.picture')?.classList.add('lost')

/** Of a still picture's longer side: more than is shown of it. */
const MOST_PIXELS = 1_000
const MOVING: ReadonlySet<string> = new Set(['image/gif', 'image/webp'])

/** [HP18] Puts the first frame in the place of a picture that moves. Its link opens it as it is. */
function standStill({ target }: Event): void {
  if (!(target instanceof HTMLImageElement) || target.src.startsWith('blob:')) return
  const { naturalWidth: width, naturalHeight: height } = target
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height))
  const frame = document.createElement('canvas')
  frame.width = Math.max(1, Math.round(width * scale))
  frame.height = Math.max(1, Math.round(height * scale))
  frame.getContext('2d')?.drawImage(target, 0, 0, frame.width, frame.height)
  frame.toBlob((still) => {
    if (still !== null) target.src = previewAddress(still)
  })
}

const row = (file: SentFile, url: string, sentAt: string) =>
  html`<a class="bubble file" href=${url} download=${plainName(file.name)} title=${sentAt}>
    ${icons.file}
    <span class="file-text">
      <span class="file-name"><bdi>${plainName(file.name)}</bdi></span>
      <span class="soft">${fileFacts(file.name, file.size)}</span>
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
      @load=${MOVING.has(file.mediaType) ? standStill : nothing}
      @error=${lost}
  /></a>`

const pendingPicture = ({ name = '', type }: OutgoingFile['file'], { upload }: PendingContext) =>
  upload !== undefined && isPicture(type)
    ? html`<div class="picture"><img src=${previewAddress(upload.bytes)} alt=${plainName(name)} /></div>`
    : nothing

function pendingRow(
  { name = '', size }: OutgoingFile['file'],
  { sentAt = '', upload, cancel }: PendingContext,
) {
  const { files } = words()
  const shown = plainName(name)
  return html`<div class="bubble file pending" title=${sentAt}>
    ${icons.file}
    <span class="file-text">
      <span class="file-name"><bdi>${shown}</bdi></span>
      <span class="soft">${fileFacts(name, size)}</span>
      ${
        cancel === undefined
          ? nothing
          : html`<progress aria-label=${files.sending(shown)} max=${size} value=${upload?.sent ?? 0}></progress>
              ${upload?.isKept === false ? html`<span class="soft">${files.notKept}</span>` : nothing}`
      }
    </span>
    ${
      cancel === undefined
        ? nothing
        : html`<button
            type="button"
            class="button quiet icon-only"
            aria-label=${files.cancel(shown)}
            title=${files.cancel(shown)}
            @click=${cancel}
          >
            ${icons.close}
          </button>`
    }
  </div>`
}

export const file: ConsoleKind<'file'> = {
  shape: 'bubble',
  describe: ({ file, caption }) => caption ?? plainName(file.name),
  draw({ file, caption }, { sentAt, app }) {
    const url = urlOf(app, file)
    return html`${isPicture(file.mediaType) ? picture(file, url) : nothing}${row(file, url, sentAt)}${
      caption === undefined ? nothing : textBubble(caption, sentAt)
    }`
  },
  drawPending: ({ file, text }, context) =>
    html`${pendingPicture(file, context)}${pendingRow(file, context)}${
      text === undefined ? nothing : textBubble(text, context.sentAt ?? '')
    }`,
}
