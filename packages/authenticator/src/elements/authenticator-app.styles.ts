/** Styles of the whole page. */
import { css } from 'lit'

export const authenticatorAppStyles = css`
  :host {
    display: block;
    min-block-size: 100dvb;
  }

  .top {
    display: flex;
    align-items: center;
    gap: 0.625rem;
    max-inline-size: 40rem;
    margin-inline: auto;
    padding: 1.25rem 1.25rem 0;
    padding-block-start: max(1.25rem, env(safe-area-inset-top));
  }

  .top svg {
    inline-size: 1.5rem;
    block-size: 1.5rem;
    color: var(--accent);
  }

  h1 {
    font-size: 1.0625rem;
    font-weight: 600;
  }

  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.25rem;
    max-inline-size: 40rem;
    margin-inline: auto;
    padding: 1.25rem;
    padding-block-end: max(3rem, env(safe-area-inset-bottom));
  }

  .waiting {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.75rem;
    padding-block: 4rem;
    color: var(--ink-soft);
  }

  .outcome h2 {
    font-size: 1.375rem;
  }

  .outcome h2 + p {
    margin-block: 0.5rem 0;
  }

  .outcome .button {
    margin-block-start: 1.5rem;
  }

  @media (max-width: 30rem) {
    .top {
      padding-inline: 1rem;
    }
    main {
      gap: 1rem;
      padding-inline: 0.75rem;
    }
  }

  @media print {
    .top,
    status-banner,
    request-list {
      display: none;
    }
  }
`
