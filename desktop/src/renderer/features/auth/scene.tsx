/** The picture beside the forms: a curlew on the shore, in the colours of the theme. */
export function Scene() {
  return (
    <svg className="scene" viewBox="0 0 520 800" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <circle className="disc" cx="356" cy="236" r="84" />
      <g className="waves">
        <path opacity=".07" d="M0 330c80-34 150-30 230-8s190 40 290-14v492H0z" />
        <path opacity=".08" d="M0 404c110 36 180-26 280-22s160 46 240 18v400H0z" />
        <path opacity=".10" d="M0 486c70-28 170-22 250 6s190 22 270-18v326H0z" />
        <path opacity=".12" d="M0 566c100 30 190-16 290-10s160 34 230 12v232H0z" />
      </g>
      <g className="bird" transform="translate(150 300) scale(1.55)">
        <path
          fill="currentColor"
          opacity=".92"
          d="M8 52C22 38 44 34 58 20c6-7 14-11 22-9 8 2 12 9 10 17-1 4-4 7-6 11-6 14-18 28-38 32-8 2-15 1-22-1L2 76c2-7-1-15 6-24z"
        />
        <path
          fill="none"
          stroke="currentColor"
          opacity=".92"
          strokeWidth="3.2"
          strokeLinecap="round"
          d="M88 22c17 1 31 10 37 27"
        />
        <path
          stroke="currentColor"
          opacity=".92"
          strokeWidth="2.6"
          strokeLinecap="round"
          fill="none"
          d="M42 69v42l-6 4M52 66l3 45 7 3"
        />
        <circle className="eye" cx="80" cy="20" r="1.9" />
      </g>
    </svg>
  );
}
