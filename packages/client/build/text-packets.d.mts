/** Stands in for engine.io-parser; see there. */
export interface TextPacket {
  readonly type: string
  readonly data?: string
}
export declare const protocol: 4
export declare function encodePacket(
  packet: TextPacket,
  supportsBinary: boolean,
  callback: (encoded: string) => void,
): void
export declare function decodePacket(encoded: string): TextPacket
export declare function encodePayload(
  packets: readonly TextPacket[],
  callback: (encoded: string) => void,
): void
export declare function decodePayload(payload: string): TextPacket[]
