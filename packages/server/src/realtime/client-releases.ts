/** Releases that clients name, as labels of a metric: a bounded number of them ([OP10]). */
import { RELEASE } from '@chat-widget/protocol'

/** Pages of a site have a few at a time; whoever makes names up adds no more. */
const MOST_RELEASES = 20

export function createClientReleases() {
  const known = new Set([RELEASE])
  return {
    /** `unknown` for a client that names none, `other` beyond the bound. */
    labelOf(release: string | undefined): string {
      if (release === undefined) return 'unknown'
      if (known.size < MOST_RELEASES) known.add(release)
      return known.has(release) ? release : 'other'
    },
  }
}
