import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { CedarRequest } from './requests';

/** Outcome of one question. Everything that is no clear permit is a denial. */
export interface CedarDecision {
  readonly isAllowed: boolean;
  /** `NoPermit`: nothing permits it. `Forbidden`: a policy forbids it. `PolicyError`: the policies cannot be trusted. */
  readonly reason: 'Allowed' | 'NoPermit' | 'Forbidden' | 'PolicyError';
  /** Ids of the policies that decided. */
  readonly policies: readonly string[];
  /** For people: what was asked, what was answered, what to do. */
  readonly message: string;
}

/** Answers questions under one set of policies. */
export interface CedarEngine {
  decide(request: CedarRequest): CedarDecision;
  /** Why every question is denied, when the policies cannot be trusted. */
  readonly error: string | undefined;
}

/** A set of policies, or why there is none that may be used. */
export type PolicySetState =
  | { readonly ok: true; readonly policies: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string };

/**
 * Evaluates with Cedar's own engine. `id` names the set in the engine's cache for ever, so use a fixed one for each
 * cluster.
 */
export class DefaultCedarEngine implements CedarEngine {
  #error: string | undefined = 'the policies have not been read yet';

  constructor(private readonly id: string) {}

  get error(): string | undefined {
    return this.#error;
  }

  /** Replaces the whole set at once. */
  use(state: PolicySetState): void {
    if (!state.ok) {
      this.#error = state.message;
      return;
    }
    const answer = cedar.preparsePolicySet(this.id, {
      staticPolicies: { ...state.policies },
    });
    this.#error =
      answer.type === 'failure'
        ? answer.errors.map(it => it.message).join('; ')
        : undefined;
  }

  decide(request: CedarRequest): CedarDecision {
    if (this.#error !== undefined) {
      return policyError(request, this.#error);
    }
    const answer = cedar.statefulIsAuthorized({
      principal: { ...request.principal },
      action: { ...request.action },
      resource: { ...request.resource },
      context: {},
      entities: request.entities.map(it => ({
        uid: { ...it.uid },
        attrs: { ...it.attrs },
        parents: [],
      })),
      preparsedPolicySetId: this.id,
    });
    if (answer.type === 'failure') {
      return policyError(
        request,
        answer.errors.map(it => it.message).join('; '),
      );
    }
    return readResponse(request, answer.response);
  }
}

function readResponse(
  request: CedarRequest,
  { decision, diagnostics }: cedar.Response,
): CedarDecision {
  // A policy that fails to evaluate does not apply, so a broken forbid would not forbid: the answer is no.
  if (diagnostics.errors.length > 0) {
    return policyError(
      request,
      `${diagnostics.errors
        .map(it => it.policyId)
        .join(', ')} cannot be evaluated`,
    );
  }
  const policies = [...diagnostics.reason].sort();
  const who = `${request.principal.type}::"${request.principal.id}"`;
  if (decision === 'allow') {
    return {
      isAllowed: true,
      reason: 'Allowed',
      policies,
      message: `${who} may ${request.description} (${policies.join(', ')}).`,
    };
  }
  return policies.length > 0
    ? {
        isAllowed: false,
        reason: 'Forbidden',
        policies,
        message: `${who} may not ${
          request.description
        }: forbidden by ${policies.join(', ')}.`,
      }
    : {
        isAllowed: false,
        reason: 'NoPermit',
        policies,
        message: `${who} may not ${request.description}: no policy permits action ${request.action.id} on ${request.resource.type}::"${request.resource.id}".`,
      };
}

function policyError(request: CedarRequest, why: string): CedarDecision {
  return {
    isAllowed: false,
    reason: 'PolicyError',
    policies: [],
    message: `Nobody may ${request.description} while the Cedar policies of this cluster are in error: ${why}`,
  };
}
