import { InputError } from '@backstage/errors';
import {
  isDnsLabel,
  isLabelKey,
  isLabelValue,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { PairInput } from './pairInput';
import { readValues } from './readValues';
import { PairRequest, SecretReference, WantedPeer, WantedPort } from './types';

/** The label that Helm's own chart template puts on every pod, with the release's name as value. */
const RELEASE_LABEL = 'app.kubernetes.io/instance';

/**
 * Checks the shape of a template's answers and fills in defaults. Everything that becomes part of a path is a DNS label.
 * Throws an InputError that names the field.
 */
export function readPairRequest(input: PairInput): PairRequest {
  return {
    cluster: dnsLabel('cluster', input.cluster),
    namespace: dnsLabel('namespace', input.namespace),
    name: dnsLabel('name', input.name),
    owner: optional(input.owner),
    repository: oneLine('repository', input.repository),
    chart: oneLine('chart', input.chart),
    version: oneLine('version', input.version),
    values: readValues(input.values),
    secrets: (input.secrets ?? []).map(readSecret),
    ports: (input.ports ?? []).map(readPort),
    selector: readSelector(input.selector, input.name),
    allowedCallers: (input.allowedCallers ?? []).map((peer, index) =>
      readPeer(`allowedCallers[${index}]`, peer, input.namespace),
    ),
    dependencies: (input.dependencies ?? []).map((peer, index) =>
      readPeer(`dependencies[${index}]`, peer, input.namespace),
    ),
    workload: optional(input.workload),
    teams: optional(input.teams),
  };
}

function readSecret(
  secret: NonNullable<PairInput['secrets']>[number],
  index: number,
): SecretReference {
  const field = `secrets[${index}]`;
  const provider = optional(secret.provider);
  const id = optional(secret.id);
  return {
    resource: dnsLabel(`${field}.resource`, secret.resource),
    ...(provider && { provider: oneLine(`${field}.provider`, provider) }),
    ...(id && { id: oneLine(`${field}.id`, id) }),
    keys: (secret.keys ?? []).map(key => oneLine(`${field}.keys`, key)),
  };
}

function readPort(
  port: NonNullable<PairInput['ports']>[number],
  index: number,
): WantedPort {
  return {
    port: port.port,
    name: dnsLabel(`ports[${index}].name`, port.name),
    peerAuth: port.peerAuth ?? 'Strict',
  };
}

function readPeer(
  field: string,
  peer: NonNullable<PairInput['allowedCallers']>[number],
  ownNamespace: string,
): WantedPeer {
  return {
    namespace: dnsLabel(
      `${field}.namespace`,
      optional(peer.namespace) ?? ownNamespace,
    ),
    name: dnsLabel(`${field}.name`, peer.name),
  };
}

function readSelector(
  selector: PairInput['selector'],
  name: string,
): Record<string, string> {
  const pairs =
    typeof selector === 'string'
      ? splitLabels(selector)
      : Object.entries(selector ?? {});
  if (pairs.length === 0) {
    return { [RELEASE_LABEL]: name };
  }
  for (const [key, value] of pairs) {
    if (!isLabelKey(key) || !isLabelValue(value) || value === '') {
      throw new InputError(
        'selector must be pod labels such as "app=redis", several separated by commas; keys and values are Kubernetes labels',
      );
    }
  }
  return Object.fromEntries(pairs);
}

function splitLabels(selector: string): [string, string][] {
  return selector
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const [key, ...value] = part.split('=');
      return [key.trim(), value.join('=').trim()];
    });
}

function dnsLabel(field: string, value: string): string {
  if (!isDnsLabel(value)) {
    throw new InputError(
      `${field} must be a DNS label: at most 63 lower-case letters, digits and "-", with a letter or digit at both ends`,
    );
  }
  return value;
}

function oneLine(field: string, value: string): string {
  // eslint-disable-next-line no-control-regex
  if (!value || /[\u0000-\u0020\u007f]/.test(value)) {
    throw new InputError(`${field} must be one word without spaces`);
  }
  return value;
}

function optional(value: string | undefined): string | undefined {
  return value?.trim() || undefined;
}
