/** Files that the visitor has chosen and not sent yet. Loaded with the first. */
import { useClient } from '../conversations/use-client.ts'
import type { ChatComposer } from '../elements/chat-composer.ts'
import type { ChatPanel } from '../elements/chat-panel.ts'
import type { PanelRequest } from '../panel-request.ts'
import './chat-attachments.ts'
import type { ChatAttachments } from './chat-attachments.ts'
import { showDropTarget } from './drop-target.ts'

export type AttachRequest = Extract<PanelRequest, { readonly type: 'attach' }>

/** Puts files beside the text, or shows that they may be dropped. */
export function attach(panel: ChatPanel, { files = [], by }: AttachRequest): void {
  const composer = panel.renderRoot.querySelector<ChatComposer>('chat-widget-composer')
  if (composer === null || composer.files === undefined) return
  showDropTarget(panel, by === 'dragover')
  if (by !== 'dragover') addFiles(composer, files)
}

function addFiles(composer: ChatComposer, files: readonly File[]): void {
  if (files.length === 0) return
  if (composer.tray === undefined) {
    composer.tray = createTray(composer)
    composer.renderRoot.querySelector('.box')?.before(composer.tray)
  }
  ;(composer.tray as ChatAttachments).add(files)
  composer.requestUpdate()
  composer.focus()
}

function createTray(composer: ChatComposer): ChatAttachments {
  const tray = document.createElement('chat-widget-attachments') as ChatAttachments
  tray.words = composer.words
  tray.limits = composer.files ?? null
  const close = () => {
    tray.remove()
    if (composer.tray === tray) composer.tray = undefined
    composer.requestUpdate()
  }
  tray.emptied = () => {
    close()
    composer.focus()
  }
  tray.changed = () => composer.requestUpdate()
  // [ID12] They are of whoever chose them.
  void useClient(composer, async ({ parts }) => parts.identity.visit.addEventListener('abort', close))
  return tray
}
