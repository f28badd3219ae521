/**
 * Links and QR codes that lead a person to the authenticator. They contain no secret, and nothing of them is logged.
 */
import { AUTHENTICATOR_LIMITS } from '@chat-widget/protocol'
import type { Bitmap2D } from 'lean-qr'
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
/** Quiet zone around the code, which readers need. Modules. */
const QUIET = 4
/** Width of a module in a PNG. Pixels. */
const SCALE = 4
const BLACK = 0
const WHITE = 255

export async function drawQr(text: string, format: unknown): Promise<string | Uint8Array> {
  if (format !== 'png' && format !== 'svg') throw new TypeError("format: 'png' or 'svg' is needed")
  // Cameras cannot read a denser code, and from 2,953 bytes on there is none.
  if (text.length > QR_LENGTH)
    throw new TypeError(
      `callback: a QR code holds at most ${QR_LENGTH} characters, and the link has ${text.length}`,
    )
  // Loaded on demand: a link alone needs neither.
  const { correction, generate } = await import('lean-qr')
  const code = generate(text, { minCorrectionLevel: correction.M })
  if (format === 'png') return drawPng(code)
  const { toSvgSource } = await import('lean-qr/extras/svg')
  return toSvgSource(code, { on: 'black', off: 'white', pad: QUIET })
}

/** Draws it in grey, by a library that works in browsers and in Node. */
async function drawPng(code: Bitmap2D): Promise<Uint8Array> {
  const { encode } = await import('fast-png')
  const side = (code.size + 2 * QUIET) * SCALE
  const data = new Uint8Array(side * side)
  const moduleAt = (pixel: number) => Math.floor(pixel / SCALE) - QUIET
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) data[y * side + x] = code.get(moduleAt(x), moduleAt(y)) ? BLACK : WHITE
  return encode({ width: side, height: side, data, depth: 8, channels: 1 })
}
