import { DNS_LABEL, DNS_NAME } from '../api/schemas/patterns';

const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** RFC 1123 label: what namespaces and Services are called. */
export function isDnsLabel(text: string): boolean {
  return DNS_LABEL.test(text);
}

/** RFC 1123 subdomain: what most objects are called. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && DNS_NAME.test(text);
}

/** Value of a Kubernetes label; may be empty. */
export function isLabelValue(text: string): boolean {
  return LABEL_VALUE.test(text);
}

/** Key of a Kubernetes label, with or without a prefix. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) {
    return LABEL_NAME.test(text);
  }
  return (
    isDnsName(text.slice(0, slash)) && LABEL_NAME.test(text.slice(slash + 1))
  );
}
