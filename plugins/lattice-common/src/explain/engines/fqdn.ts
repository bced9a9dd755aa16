/** Whether a name is meant by `matchName` or `matchPattern`. A star stands for characters within one label. */
export function matchesFqdn(
  { matchName, matchPattern }: Record<string, unknown>,
  fqdn: string,
): boolean {
  const labels = labelsOf(fqdn);
  if (typeof matchName === 'string' && matchName)
    return labelsOf(matchName).join('.') === labels.join('.');
  const pattern = String(matchPattern ?? '');
  if (/^\*+\.?$/.test(pattern)) return true;
  const wanted = labelsOf(pattern);
  // Two stars in front stand for one label or more.
  const isDeep = wanted.length > 1 && /^\*{2,}$/.test(wanted[0]);
  const tail = isDeep ? wanted.slice(1) : wanted;
  const spare = labels.length - tail.length;
  return (
    (isDeep ? spare >= 1 : spare === 0) &&
    tail.every((label, index) => matchesLabel(label, labels[spare + index]))
  );
}

function labelsOf(name: string): string[] {
  return name.trim().toLowerCase().replace(/\.$/, '').split('.');
}

/** In steps that do not multiply, however many stars there are. */
function matchesLabel(pattern: string, label: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === label;
  if (!label.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = label.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return label.length - last.length >= at && label.endsWith(last);
}
