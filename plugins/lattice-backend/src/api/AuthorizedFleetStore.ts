import { PermissionsService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  PermissionCriteria,
  PolicyDecision,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import { ConditionTransformer } from '@backstage/plugin-permission-node';
import {
  DetailAnswer,
  FleetKey,
  FleetQuery,
  ListAnswer,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { FleetFilter } from './FleetFilter';
import { FleetRequest, FleetStore } from './FleetStore';

/** No record passes: `anyOf` nothing. Same shape as any other filter, so that a refusal takes no other path. */
const NOTHING = { anyOf: [] } as unknown as PermissionCriteria<FleetFilter>;

/** What an authorized store needs. */
export interface AuthorizedFleetStoreOptions<Summary, Detail> {
  readonly store: FleetStore<Summary, Detail>;
  readonly permissions: PermissionsService;
  readonly permission: ResourcePermission;
  readonly transformConditions: ConditionTransformer<FleetFilter>;
}

/** Lets through only what the caller may read. What is forbidden looks like what is missing. */
export class AuthorizedFleetStore<Summary, Detail>
  implements FleetStore<Summary, Detail>
{
  readonly #options: AuthorizedFleetStoreOptions<Summary, Detail>;

  constructor(options: AuthorizedFleetStoreOptions<Summary, Detail>) {
    this.#options = options;
  }

  async list(
    query: FleetQuery,
    request: FleetRequest,
  ): Promise<ListAnswer<Summary>> {
    return this.#options.store.list(query, await this.#narrow(request));
  }

  async get(
    key: FleetKey,
    request: FleetRequest,
  ): Promise<DetailAnswer<Detail>> {
    return this.#options.store.get(key, await this.#narrow(request));
  }

  /** Whether the caller may read one object. */
  async has(key: FleetKey, request: FleetRequest): Promise<boolean> {
    try {
      await this.get(key, request);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) {
        return false;
      }
      throw error;
    }
  }

  async #narrow(request: FleetRequest): Promise<FleetRequest> {
    const { permissions, permission } = this.#options;
    const [decision] = await permissions.authorizeConditional(
      [{ permission }],
      {
        credentials: request.credentials,
      },
    );
    const allowed = this.#filterOf(decision);
    const filters = [request.filter, allowed].filter(
      filter => filter !== undefined,
    );
    const [first, ...rest] = filters;
    return {
      credentials: request.credentials,
      ...(first && {
        filter: rest.length ? { allOf: [first, ...rest] } : first,
      }),
    };
  }

  #filterOf(
    decision: PolicyDecision | undefined,
  ): PermissionCriteria<FleetFilter> | undefined {
    switch (decision?.result) {
      case AuthorizeResult.ALLOW:
        return undefined;
      case AuthorizeResult.CONDITIONAL:
        return this.#options.transformConditions(decision.conditions);
      default:
        return NOTHING;
    }
  }
}
