/** Socket.IO's packets where all of them are JSON: what our browser bundle holds instead of socket.io-parser. */
export const protocol = 5

export const PacketType = { CONNECT: 0, DISCONNECT: 1, EVENT: 2, ACK: 3, CONNECT_ERROR: 4 }

/** Type, namespace (`/` is left out), id of an acknowledgement, JSON. */
const PACKET = /^([0-4])(?:(\/[^,]*),?)?(\d+)?(.*)$/s

export class Encoder {
  encode({ type, nsp, id, data }) {
    const namespace = nsp === '/' ? '' : `${nsp},`
    return [`${type}${namespace}${id ?? ''}${data == null ? '' : JSON.stringify(data)}`]
  }
}

/** Has one listener: the `Manager` that made it. */
export class Decoder {
  on(_name, listener) {
    this.listener = listener
  }

  off() {
    this.listener = undefined
  }

  destroy() {}

  /** Throws when it is no packet; the `Manager` then closes the connection. */
  add(encoded) {
    const [, type, nsp = '/', id, json] = PACKET.exec(encoded)
    const packet = { type: Number(type), nsp }
    if (id !== undefined) packet.id = Number(id)
    if (json !== '') packet.data = JSON.parse(json)
    const isList = packet.type === PacketType.EVENT || packet.type === PacketType.ACK
    if (isList && !Array.isArray(packet.data)) throw new Error('invalid payload')
    this.listener?.(packet)
  }
}
