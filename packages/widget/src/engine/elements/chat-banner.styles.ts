/** Styles of the banner. */
export const bannerStyles = `
:host { display: block; }
.banner {
  display: flex;
  align-items: baseline;
  gap: 10px;
  padding: 10px calc(20px + var(--_side-room));
  background: var(--_raised);
  border-block-end: 1px solid var(--_line);
  font-size: 14px;
  text-wrap: pretty;
}
.dot {
  flex: none;
  inline-size: 8px;
  block-size: 8px;
  border-radius: 50%;
  background: var(--_muted);
}
.dot.busy { animation: pulse 1s ease-in-out 4 alternate; }
@keyframes pulse { to { opacity: .3; } }
`
