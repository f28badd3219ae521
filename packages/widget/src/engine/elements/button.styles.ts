/** Styles of buttons with text. A plain text chat has none: they are loaded with the cards and sheets that do. */
export const buttonStyles = `
.button {
  display: inline-grid;
  place-items: center;
  min-block-size: 44px;
  padding-inline: 20px;
  border-radius: 12px;
  background: var(--_accent);
  color: var(--_on-accent);
  font-weight: 600;
  text-align: center;
  transition: box-shadow .15s;
}
.button:hover { box-shadow: 0 2px 10px color-mix(in srgb, var(--_ring) 45%, transparent); }
.button.quiet { background: none; color: var(--_text); box-shadow: inset 0 0 0 1px var(--_edge); }
.button.quiet:hover { background: var(--_raised); }
@media (forced-colors: active) { .button { border: 1px solid ButtonText; } }
`
