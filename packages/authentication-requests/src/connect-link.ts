/**
 * Links and QR codes that lead a person to the authenticator. They contain no secret, and nothing of them is logged.
 */
import { AUTHENTICATOR_LIMITS } from '@chat-widget/protocol'
import type { LinkOptions } from './authentication-client-api.ts'

/**
 * `{server}/authenticator/#app=…&request=…&callback=…`. The values are in the fragment, which browsers send to no
 * server and in no referrer.
 */
export function createConnectLink(server: string, app: string | null, options: LinkOptions): string {
  if (app === null) throw new TypeError('app: a link names the app; give it to createAuthenticationClient()')
  const { cid, callback } = options
  const values = new URLSearchParams({ app })
  if (cid !== undefined) values.set('request', cid)
  if (callback !== undefined) values.set('callback', readCallback(callback))
  return `${server}/authenticator/#${values}`
}

function readCallback(callback: unknown): string {
  const url = typeof callback === 'string' && URL.canParse(callback) ? new URL(callback) : null
  // Any other scheme would run as script, or open another app, on the person's device.
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password)
    throw new TypeError('callback: an absolute http(s) address without credentials is needed')
  if (url.href.length > AUTHENTICATOR_LIMITS.callbackLength)
    throw new TypeError(`callback: at most ${AUTHENTICATOR_LIMITS.callbackLength} characters are taken`)
  return url.href
}

const QR_LENGTH = 2_000

export async function drawQr(text: string, format: unknown): Promise<string | Uint8Array> {
  if (format !== 'png' && format !== 'svg') throw new TypeError("format: 'png' or 'svg' is needed")
  // Cameras cannot read a denser code, and from 2,953 bytes on there is none.
  if (text.length > QR_LENGTH)
    throw new TypeError(
      `callback: a QR code holds at most ${QR_LENGTH} characters, and the link has ${text.length}`,
    )
  const { default: qrcode } = await import('qrcode')
  if (format === 'svg') return qrcode.toString(text, { type: 'svg' })
  // The one method for PNGs that exists in browsers and in Node.
  const dataUrl = await qrcode.toDataURL(text, { type: 'image/png' })
  return Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (char) => char.charCodeAt(0))
}
