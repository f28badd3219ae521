/** The part of the page that is seen, where the browser tells it. */
import { attempt } from './browser.ts'

/** Tells what part of the page an on-screen keyboard and pinch zoom leave, now and whenever it changes. */
export function watchViewport(
  told: (viewport: { readonly scale: number; readonly height: number; readonly offsetTop: number }) => void,
): () => void {
  const viewport = attempt(() => window.visualViewport) ?? undefined
  const tell = () => void attempt(() => viewport && told(viewport))
  tell()
  for (const name of ['resize', 'scroll']) attempt(() => viewport?.addEventListener(name, tell))
  return () => {
    for (const name of ['resize', 'scroll']) attempt(() => viewport?.removeEventListener(name, tell))
  }
}
