export class Emitter {
  on(event: string, listener: (...details: unknown[]) => void): this
  once(event: string, listener: (...details: unknown[]) => void): this
  off(event?: string, listener?: (...details: unknown[]) => void): this
  emit(event: string, ...details: unknown[]): this
}
