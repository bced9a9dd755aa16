const DNS_CHARACTER = '[-a-z0-9_]';

/** Whether a name is meant by `matchName` or `matchPattern`. A star stands for characters within one label. */
export function matchesFqdn(
  { matchName, matchPattern }: Record<string, unknown>,
  fqdn: string,
): boolean {
  const name = canonical(fqdn);
  if (typeof matchName === 'string' && matchName)
    return canonical(matchName) === name;
  const pattern = String(matchPattern ?? '').toLowerCase();
  if (/^\*+\.?$/.test(pattern)) return true;
  const expression = canonical(pattern)
    .replace(/\./g, '[.]')
    .replace(/^\*{2,}\[\.\]/, `(?:${DNS_CHARACTER}+[.])+`)
    .replace(/\*+/g, `${DNS_CHARACTER}*`);
  return new RegExp(`^${expression}$`).test(name);
}

function canonical(name: string): string {
  const lower = name.trim().toLowerCase();
  return lower.endsWith('.') ? lower : `${lower}.`;
}
