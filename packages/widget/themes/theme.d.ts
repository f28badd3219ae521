/** A theme: imported for its effect. */
export {}
