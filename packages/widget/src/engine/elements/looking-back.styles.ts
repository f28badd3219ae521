/** Styles of the button that scrolls to the newest message. */
export const lookingBackStyles = `
.pill {
  position: absolute;
  inset-block-end: 12px;
  inset-inline: 0;
  margin-inline: auto;
  inline-size: max-content;
  display: flex;
  align-items: center;
  gap: 8px;
  min-block-size: 44px;
  padding-inline: 14px 18px;
  border-radius: 22px;
  background: var(--_text);
  color: var(--_surface);
  font-size: 14px;
  font-weight: 600;
  box-shadow: 0 4px 14px #0003;
}
.pill.plain { padding: 0; inline-size: 44px; justify-content: center; inset-inline: auto calc(14px + var(--_side-room)); margin: 0; background: var(--_surface); color: var(--_text); box-shadow: 0 0 0 1px var(--_line), 0 3px 10px #0000002b; }
.pill svg { inline-size: 18px; block-size: 18px; }
@media (forced-colors: active) { .pill { border: 1px solid ButtonText; } }
`
