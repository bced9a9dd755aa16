/** Turns the figures of a suite into a table of Markdown. */

function duration(us) {
  const digits = value => Number(value.toPrecision(3)).toLocaleString('en');
  if (us >= 1_000_000) return `${digits(us / 1_000_000)} s`;
  return us >= 1_000 ? `${digits(us / 1_000)} ms` : `${digits(us)} µs`;
}

function amount(value, unit) {
  if (value === undefined) return '';
  return unit === 'us' ? duration(value) : `${value} ${unit}`;
}

/** Shortest form that still tells the ratio. */
function ratio(value) {
  return value === undefined ? '' : `${Number(value.toPrecision(2))} x`;
}

function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

function timeTable(figures) {
  const isCompared = figures.some(({ reference }) => reference !== undefined);
  const head = ['What', 'Size', 'Median', 'Processor time'];
  const compared = [
    'Reference',
    'Ratio of the median',
    'Ratio of the processor time',
  ];
  const cells = isCompared ? [...head, ...compared] : head;
  return [
    row(cells),
    row(cells.map((_, index) => (index === 0 ? '---' : '--:'))),
    ...figures.map(({ name, size, unit, median, cpu, reference }) =>
      row([
        name,
        size.toLocaleString('en'),
        amount(median, unit),
        amount(cpu, unit),
        ...(isCompared
          ? [
              amount(reference, unit),
              ratio(reference && median / reference),
              ratio(reference && cpu && cpu / reference),
            ]
          : []),
      ]),
    ),
  ];
}

function memoryTable(figures) {
  return [
    row(['What', 'Members', 'Heap']),
    row(['---', '--:', '--:']),
    ...figures.map(({ name, size, median, unit }) =>
      row([name, size.toLocaleString('en'), `${median} ${unit}`]),
    ),
  ];
}

/** What grows stands together, in the order in which it was first measured. */
function grouped(figures) {
  const names = [...new Set(figures.map(({ name }) => name))];
  return names.flatMap(name => figures.filter(one => one.name === name));
}

/** The tables of one suite, durations first. */
export function writeTables(suite) {
  const figures = grouped(suite.figures);
  const isTime = ({ unit }) => unit === 'us';
  const times = figures.filter(isTime);
  const others = figures.filter(figure => !isTime(figure));
  return [
    ...(times.length > 0 ? [...timeTable(times), ''] : []),
    ...(others.length > 0 ? [...memoryTable(others), ''] : []),
  ].join('\n');
}
