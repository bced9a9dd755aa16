/** Draws how durations grow with size: both axes logarithmic, one line per thing measured. */

const WIDTH = 940;
const HEIGHT = 460;
const FRAME = { left: 70, top: 24, right: 360, bottom: 48 };
const COLOURS = ['#1f5fa8', '#b3541e', '#2f7d4f', '#7a3e9d', '#8a6d00', '#444'];

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function decades(values) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  return [low, Math.max(high, low + 1)];
}

function scale([low, high], from, to) {
  return value =>
    from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

function powers([low, high]) {
  return Array.from(
    { length: high - low + 1 },
    (_, index) => 10 ** (low + index),
  );
}

function duration(us) {
  if (us >= 1_000_000) return `${us / 1_000_000} s`;
  return us >= 1_000 ? `${us / 1_000} ms` : `${us} µs`;
}

function axes(sizes, times, x, y) {
  const bottom = HEIGHT - FRAME.bottom;
  const right = WIDTH - FRAME.right;
  return [
    ...powers(sizes).map(
      size =>
        `<line x1="${x(size)}" y1="${FRAME.top}" x2="${x(
          size,
        )}" y2="${bottom}" stroke="#ddd"/>` +
        `<text x="${x(size)}" y="${
          bottom + 18
        }" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    ),
    ...powers(times).map(
      time =>
        `<line x1="${FRAME.left}" y1="${y(time)}" x2="${right}" y2="${y(
          time,
        )}" stroke="#ddd"/>` +
        `<text x="${FRAME.left - 8}" y="${
          y(time) + 4
        }" text-anchor="end">${duration(time)}</text>`,
    ),
    `<text x="${(FRAME.left + right) / 2}" y="${
      HEIGHT - 8
    }" text-anchor="middle">members in the graph</text>`,
  ];
}

function line({ name, points, isReference }, index, x, y) {
  const colour = COLOURS[index % COLOURS.length];
  const path = points.map(
    ({ size, us }) => `${x(size).toFixed(1)},${y(us).toFixed(1)}`,
  );
  const dots = path.map(point => {
    const [cx, cy] = point.split(',');
    return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${
      isReference ? '#fff' : colour
    }" stroke="${colour}"/>`;
  });
  const legendY = FRAME.top + 14 + index * 22;
  const legendX = WIDTH - FRAME.right + 18;
  return [
    `<polyline points="${path.join(
      ' ',
    )}" fill="none" stroke="${colour}" stroke-width="2"${
      isReference ? ' stroke-dasharray="5 4"' : ''
    }/>`,
    ...dots,
    `<rect x="${legendX}" y="${legendY - 9}" width="12" height="12" fill="${
      isReference ? '#fff' : colour
    }" stroke="${colour}"/>`,
    `<text x="${legendX + 20}" y="${legendY + 1}">${escape(name)}</text>`,
  ];
}

/** `series`: `{ name, points: { size, us }[], isReference? }`. Answers an SVG. */
export function drawGrowth(title, series) {
  const all = series.flatMap(({ points }) => points);
  const sizes = decades(all.map(({ size }) => size));
  const times = decades(all.map(({ us }) => us));
  const x = scale(sizes, FRAME.left, WIDTH - FRAME.right);
  const y = scale(times, HEIGHT - FRAME.bottom, FRAME.top);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...axes(sizes, times, x, y),
    ...series.flatMap((one, index) => line(one, index, x, y)),
    '</svg>',
  ].join('\n')}\n`;
}
