/**
 * Text that can be read on any colour, by CSS alone: `color(from COLOUR ${BLACK_OR_WHITE})` is white if that is the readable
 * one, black if that is. At a luminance of 0.179 both have 4.58:1.
 */
export const BLACK_OR_WHITE =
  'xyz-d65 clamp(0,(.179 - y)*1e5,.9505) clamp(0,(.179 - y)*1e5,1) clamp(0,(.179 - y)*1e5,1.089)/1'
