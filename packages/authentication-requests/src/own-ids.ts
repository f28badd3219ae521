/** Callers' own conversation ids: the server's are UUIDs, so a UUID is made from any other text. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const MOST_LENGTH = 200
/** Most ids kept as the caller's text; older ones are reported as their UUID. */
const REMEMBERED = 10_000

/** Throws a `TypeError` that names `cid`. */
export function readCid(cid: unknown): string {
  if (typeof cid !== 'string' || cid === '' || cid.length > MOST_LENGTH)
    throw new TypeError(`cid: a UUID, or a text of 1 to ${MOST_LENGTH} characters, is needed`)
  return UUID.test(cid) ? cid.toLowerCase() : cid
}

export const isUuid = (cid: string): boolean => UUID.test(cid)

/** `scope`: the same text in another scope is another id. */
export function createOwnIds(scope: string) {
  const texts = new Map<string, string>()

  async function make(text: string): Promise<string> {
    const bytes = new TextEncoder().encode(JSON.stringify([scope, text]))
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).slice(0, 16)
    // Version 8: made by a custom rule.
    digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80
    digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
    const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }

  return {
    /** Resolves with the UUID. Throws a `TypeError` that names `cid`. */
    async uuidOf(cid: string): Promise<string> {
      const text = readCid(cid)
      if (UUID.test(text)) return text
      const uuid = await make(text)
      texts.set(uuid, text)
      for (const oldest of texts.keys()) {
        if (texts.size <= REMEMBERED) break
        texts.delete(oldest)
      }
      return uuid
    },
    /** The id as the caller gave it. */
    given: (uuid: string): string => texts.get(uuid) ?? uuid,
  }
}
