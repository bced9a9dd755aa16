import { ScalarTag, Tags } from 'yaml';

const INTEGER = /^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)$/;
const FLOAT = /^(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Before its first digit, Go's parser, and with it Kubernetes, takes no underscore. */
const BARE_FRACTION = /^\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?$/;
const LIKE_A_NUMBER = /^[-+.0-9][-+.0-9a-fA-FxXoObBeE_]*$/;

function readInteger(digits: string): number {
  return /^0[0-7]/.test(digits)
    ? parseInt(digits, 8)
    : Number(digits.toLowerCase());
}

/** The number that Kubernetes would read, or the text as it is where it would read a text. */
function readNumber(text: string): number | string {
  if (text.startsWith('.')) {
    return BARE_FRACTION.test(text) ? Number(text.replace(/_/g, '')) : text;
  }
  const [, sign, digits] = /^([-+]?)(.*)$/.exec(text.replace(/_/g, '')) ?? [];
  if (!INTEGER.test(digits) && !FLOAT.test(digits)) {
    return text;
  }
  const size = INTEGER.test(digits) ? readInteger(digits) : Number(digits);
  return sign === '-' ? 0 - size : size;
}

function numberTag(name: 'int' | 'float'): ScalarTag {
  return {
    tag: `tag:yaml.org,2002:${name}`,
    default: true,
    test: LIKE_A_NUMBER,
    resolve: readNumber,
  };
}

const NOT_A_NUMBER: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
  resolve: (text, onError) => {
    onError('JSON has no such number');
    return text;
  },
};

/** What the library reads, and Kubernetes either not at all or in its own way. */
const REPLACED = [
  'int',
  'float',
  'timestamp',
  'binary',
  'set',
  'omap',
  'pairs',
];

/** The scalars of YAML 1.1 as `sigs.k8s.io/yaml` reads them, which is behind kubectl, Helm and the API server. */
export function kubernetesTags(tags: Tags): Tags {
  const kept = tags.filter(
    tag =>
      typeof tag === 'string' ||
      !REPLACED.includes(tag.tag.replace('tag:yaml.org,2002:', '')),
  );
  return [...kept, NOT_A_NUMBER, numberTag('int'), numberTag('float')];
}
