/**
 * Writes the figures of the last `make bench` into docs/performance.md and draws its plot. The words of the page are
 * left alone: only what stands between the markers is replaced.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { drawGrowth } from './performance/drawGrowth.mjs';
import { writeTables } from './performance/writeTables.mjs';
import { ROOT } from './stages.mjs';

const FIGURES =
  process.env.LATTICE_BENCH_OUT ?? path.join(ROOT, '.lattice/bench');
const PAGE = path.join(ROOT, 'docs/performance.md');
const PLOT = path.join(ROOT, 'docs/images/performance-growth.svg');
const DRAWN = [
  ['policies', 'compile one member'],
  ['policies', 'who must be recomputed after one change'],
  ['policies', 'one change, and all that it concerns compiled anew'],
  ['graph', 'add a service without agreements'],
];
const COMPARED = ['policies', 'compile one member'];

function readSuite(name) {
  const file = path.join(FIGURES, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function pointsOf([suite, name], value) {
  return (readSuite(suite)?.figures ?? [])
    .filter(figure => figure.name === name && figure.size > 0)
    .map(figure => ({ size: figure.size, us: value(figure) }))
    .filter(({ us }) => us !== undefined);
}

function series() {
  const drawn = DRAWN.map(which => ({
    name: which[1],
    points: pointsOf(which, ({ cpu, median }) => cpu ?? median),
  }));
  const reference = {
    name: `the reference: ${COMPARED[1]}`,
    points: pointsOf(COMPARED, figure => figure.reference),
    isReference: true,
  };
  return [...drawn, reference].filter(({ points }) => points.length > 0);
}

function machineLine({ machine }) {
  return `Measured with Node ${machine.node.replace('v', '')} on ${
    machine.cores
  } cores (${machine.cpu.trim()}) at a load of ${machine.load}.`;
}

/** The text between `<!-- figures: NAME -->` and `<!-- end -->` becomes the tables of that suite. */
function fill(page) {
  return page.replaceAll(
    /(<!-- figures: ([a-z]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (whole, start, name, end) => {
      const suite = readSuite(name);
      return suite
        ? `${start}\n${machineLine(suite)}\n\n${writeTables(suite)}\n${end}`
        : whole;
    },
  );
}

writeFileSync(PAGE, fill(readFileSync(PAGE, 'utf8')));
const drawn = series();
if (drawn.length > 0)
  writeFileSync(PLOT, drawGrowth('Time by size of the fleet', drawn));
process.stdout.write(
  `${path.relative(ROOT, PAGE)}\n${path.relative(ROOT, PLOT)}\n`,
);
