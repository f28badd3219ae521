/** Sizes of the libraries in a built file, by the modules of its source map. */
import { SourceMap } from 'node:module'
import { brotli } from './compress.mjs'

const LIBRARIES = {
  'socket.io-client': /node_modules\/(socket\.io|engine\.io|@socket\.io)[\w./-]*$/,
  'idb-keyval': /node_modules\/idb-keyval\//,
}
const OWN = 'our own, beside the launcher'

const partOf = (source) =>
  Object.entries(LIBRARIES).find(([, pattern]) => pattern.test(source ?? ''))?.[0] ?? OWN

/** The text of each part, joined. */
function textsOf({ code, map }) {
  const sources = new SourceMap(JSON.parse(map.toString()))
  const texts = Object.fromEntries([...Object.keys(LIBRARIES), OWN].map((part) => [part, '']))
  for (const [line, text] of code.split('\n').entries())
    for (let column = 0; column < text.length; column += 1)
      texts[partOf(sources.findEntry(line, column).originalSource)] += text[column]
  return texts
}

/** Bytes of brotli by part: shares of the whole file's size. */
export async function partSizes(chunk) {
  const whole = (await brotli(Buffer.from(chunk.code))).length
  const alone = Object.entries(textsOf(chunk)).map(async ([part, text]) => [
    part,
    text === '' ? 0 : (await brotli(Buffer.from(text))).length,
  ])
  const sizes = await Promise.all(alone)
  const sum = sizes.reduce((total, [, bytes]) => total + bytes, 0)
  return Object.fromEntries(sizes.map(([part, bytes]) => [part, Math.round((bytes * whole) / sum)]))
}
