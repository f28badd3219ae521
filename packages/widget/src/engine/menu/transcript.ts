/** The transcript of the shown conversation, in the header's menu. */
import { fetchTranscript, type TranscriptRequest } from '@chat-widget/client/conversations'
import { english } from '../../locales/parts/menu.ts'
import { useClient } from '../conversations/use-client.ts'
import { partStrings } from '../load-strings.ts'
import type { MenuItem, MenuPanel } from './menu-item.ts'

interface TranscriptGroup {
  readonly label: string
  readonly items: readonly MenuItem[]
  /** Why the last one could not be had. */
  readonly problem: string | null
}

/** Time for which the browser may read the content. Milliseconds. */
const SAVED_WITHIN_MS = 60_000

/** Panels whose transcript is being fetched. */
const fetching = new WeakSet<MenuPanel>()
/** Panels whose last transcript could not be fetched. */
const failed = new WeakSet<MenuPanel>()

export function forgetFailure(panel: MenuPanel): void {
  failed.delete(panel)
}

/** Returns `null` while there is none: the server has no message yet, or the list of conversations is shown. */
export function transcriptOf(panel: MenuPanel): TranscriptGroup | null {
  const { view, words } = panel
  if (!view || view.isHome) return null
  const { conversation, timeline } = view.state
  if (conversation === null || !timeline.items.some(({ kind }) => kind === 'stored')) return null
  const strings = partStrings(english, words)
  const item = (format: TranscriptRequest['format'], label: string): MenuItem => ({
    label,
    async act() {
      if (fetching.has(panel)) return false
      fetching.add(panel)
      failed.delete(panel)
      try {
        const { name, content } = await useClient(panel, (client) =>
          fetchTranscript(client, conversation.id, { format, locale: words.locale }),
        )
        save(name, content)
        return true
      } catch {
        failed.add(panel)
        return false
      } finally {
        fetching.delete(panel)
      }
    },
  })
  return {
    label: strings.downloadTranscript,
    items: [item('text', strings.asText), item('html', strings.asPage), item('json', strings.asData)],
    problem: failed.has(panel) ? strings.transcriptFailed : null,
  }
}

function save(download: string, content: Blob): void {
  const href = URL.createObjectURL(content)
  Object.assign(document.createElement('a'), { href, download }).click()
  setTimeout(() => URL.revokeObjectURL(href), SAVED_WITHIN_MS)
}
