/** Types of files that an app surely refuses. */
import type { FileLimits } from '@chat-widget/protocol'

/**
 * The server goes by the content; what a device says of pictures, sound and films can be believed in so far as the app
 * takes none of these.
 */
export function isTypeTaken(mediaType: string, types: FileLimits['types'] = ['*/*']): boolean {
  const [major] = mediaType.split('/')
  if (!/^(image|audio|video)$/.test(major ?? '')) return true
  return types.some((type) => type.startsWith('*') || type.startsWith(`${major}/`))
}
