/** Stands in for socket.io-parser; see there. */
export interface JsonPacket {
  readonly type: number
  readonly nsp: string
  readonly id?: number | undefined
  readonly data?: unknown
}
export declare const protocol: 5
export declare class Encoder {
  encode(packet: JsonPacket): [string]
}
export declare class Decoder {
  on(name: 'decoded', listener: (packet: JsonPacket) => void): void
  off(): void
  destroy(): void
  add(encoded: string): void
}
