/** Tells of requests while nobody looks at the page: by the browser's notifications, where the person allowed them. */
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import type { Outcome } from './strings/strings.ts'

/** `unsupported` also where the browser shows notifications from service workers alone. */
export type NoticePermission = 'unsupported' | 'askable' | 'allowed' | 'blocked'

export interface Notices {
  readonly permission: NoticePermission
  /** Only upon a tap: browsers hold it against pages that ask by themselves. */
  ask(): Promise<NoticePermission>
  /** Does nothing while the page is looked at, or where it is not allowed. A tap on it brings the page to the front. */
  show(id: AuthenticationRequestId, text: Outcome): void
  /** The request is over. */
  hide(id: AuthenticationRequestId): void
}

export function createNotices(): Notices {
  const shown = new Map<AuthenticationRequestId, Notification>()
  let isRefused = false
  const permission = (): NoticePermission => {
    if (isRefused || !('Notification' in globalThis)) return 'unsupported'
    switch (Notification.permission) {
      case 'granted':
        return 'allowed'
      case 'denied':
        return 'blocked'
      case 'default':
        return 'askable'
    }
  }
  return {
    get permission() {
      return permission()
    },
    async ask() {
      await Notification.requestPermission()
      return permission()
    },
    show(id, { title, text }) {
      if (permission() !== 'allowed' || document.visibilityState === 'visible' || shown.has(id)) return
      try {
        const notification = new Notification(title, { body: text, tag: id })
        notification.onclick = () => {
          window.focus()
          notification.close()
        }
        shown.set(id, notification)
      } catch {
        // Chrome on Android throws here.
        isRefused = true
      }
    },
    hide(id) {
      shown.get(id)?.close()
      shown.delete(id)
    },
  }
}
