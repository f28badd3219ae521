/** Sound and notifications, where the browser has them and the visitor lets the page use them. */
import { attempt } from './browser.ts'

/** Frequency of each of the two notes, and the time at which it begins. Hertz, seconds. */
const NOTES = [
  [660, 0],
  [880, 0.12],
] as const
/** Time in which a note fades. Seconds. */
const FADES = 0.35
const LOUDNESS = 0.12

/** Plays two short notes. Does nothing before the visitor has clicked or typed in the page: browsers forbid it. */
export function playTone(): void {
  attempt(() => {
    const audio = new AudioContext()
    // It would sound with the visitor's next click, whenever that is.
    if (audio.state !== 'running') return void audio.close()
    for (const [frequency, at] of NOTES) {
      const note = audio.createOscillator()
      const gain = audio.createGain()
      const begins = audio.currentTime + at
      note.frequency.value = frequency
      gain.gain.setValueAtTime(LOUDNESS, begins)
      gain.gain.exponentialRampToValueAtTime(0.001, begins + FADES)
      note.connect(gain).connect(audio.destination)
      note.start(begins)
      note.stop(begins + FADES)
      if (at > 0) note.onended = () => void audio.close()
    }
  })
}

export type NotificationLeave = NotificationPermission | 'unsupported'

/** The visitor's decision, which is for the whole site; `default`: none yet. */
export const notificationLeave = (): NotificationLeave =>
  attempt(() => Notification.permission) ?? 'unsupported'

/** Asks the visitor, if they have not decided. Call it while a click is handled. */
export async function askForNotifications(): Promise<NotificationLeave> {
  try {
    return await Notification.requestPermission()
  } catch {
    return notificationLeave()
  }
}

export interface NotificationText {
  readonly title: string
  readonly body: string
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** Another notification of the same tag is replaced. */
  readonly tag: string
}

/** Returns what closes it; nothing where the browser shows none, e.g. Chrome on a phone without a service worker. */
export function notify(
  { title, ...options }: NotificationText,
  clicked: () => void,
): (() => void) | undefined {
  return attempt(() => {
    // A sound is the visitor's own choice.
    const shown = new Notification(title, { ...options, silent: true })
    shown.onclick = () => {
      attempt(() => window.focus())
      shown.close()
      clicked()
    }
    return () => shown.close()
  })
}
