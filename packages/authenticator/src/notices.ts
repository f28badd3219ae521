/** Notifies of requests while the page is not visible, if the person allowed the browser's notifications. */
import type { AuthenticationRequestId } from '@chat-widget/protocol'
import type { Outcome } from './strings/strings.ts'

/** `unsupported` also if the browser shows notifications only from service workers. */
export type NoticePermission = 'unsupported' | 'askable' | 'allowed' | 'blocked'

export interface Notices {
  readonly permission: NoticePermission
  /** Call it only on a tap: browsers block pages that ask by themselves. */
  ask(): Promise<NoticePermission>
  /** Does nothing while the page is visible, or if it is not allowed. A tap on it brings the page to the front. */
  show(id: AuthenticationRequestId, text: Outcome): void
  /** Hides the notification of a request that is over. */
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
