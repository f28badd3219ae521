/** Styles of the button that leads to another conversation. */
export const wayBackStyles = `
[part='show-conversation'] {
  grid-auto-flow: column;
  gap: 2px;
  inline-size: auto;
  min-inline-size: 44px;
  margin-inline: -14px 4px;
  padding-inline: 6px;
}
:host(:dir(rtl)) [part='show-conversation'] svg { scale: -1 1; }
.count {
  min-inline-size: 18px;
  padding-inline: 4px;
  border-radius: 9px;
  background: #c8232c;
  color: #fff;
  font-size: 11px;
  font-weight: 600;
  line-height: 18px;
  text-align: center;
}
`
