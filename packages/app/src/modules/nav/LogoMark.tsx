/** Four nodes joined both ways: traffic flows only where both sides agree. */
export function LogoMark() {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M8 8 L24 24 M24 8 L8 24 M8 8 H24 M8 24 H24"
        fill="none"
        stroke="#5ad1b3"
        strokeWidth="2"
      />
      <g fill="#ffffff">
        <circle cx="8" cy="8" r="4" />
        <circle cx="24" cy="8" r="4" />
        <circle cx="8" cy="24" r="4" />
        <circle cx="24" cy="24" r="4" />
      </g>
    </svg>
  );
}
