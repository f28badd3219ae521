/** Engine.IO's packets where all of them are text: what our browser bundle holds instead of engine.io-parser. */
const TYPES = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop']
const SEPARATOR = '\x1e'

export const protocol = 4

const encode = ({ type, data = '' }) => TYPES.indexOf(type) + data

export const encodePacket = (packet, _supportsBinary, callback) => callback(encode(packet))

export function decodePacket(encoded) {
  const type = TYPES[encoded[0]]
  if (type === undefined) return { type: 'error', data: 'parser error' }
  return encoded.length > 1 ? { type, data: encoded.slice(1) } : { type }
}

export const encodePayload = (packets, callback) => callback(packets.map(encode).join(SEPARATOR))

export const decodePayload = (payload) => payload.split(SEPARATOR).map((encoded) => decodePacket(encoded))
