/** What engine.io-client and socket.io-client use of `@socket.io/component-emitter`, in place of it. */

export class Emitter {
  #listeners = new Map()

  on(event, listener) {
    this.#listeners.set(event, [...this.#of(event), listener])
    return this
  }

  once(event, listener) {
    const heard = (...details) => {
      this.off(event, heard)
      listener.apply(this, details)
    }
    return this.on(event, heard)
  }

  off(event, listener) {
    if (event === undefined) this.#listeners.clear()
    else
      this.#listeners.set(
        event,
        listener === undefined ? [] : this.#of(event).filter((one) => one !== listener),
      )
    return this
  }

  emit(event, ...details) {
    for (const listener of this.#of(event)) listener.apply(this, details)
    return this
  }

  #of(event) {
    return this.#listeners.get(event) ?? []
  }
}
Emitter.prototype.emitReserved = Emitter.prototype.emit
Emitter.prototype.removeAllListeners = Emitter.prototype.off
