import { EndpointCredentials } from '../clusters/endpoint';
import { LeaseTiming } from '../controllers/leadershipTypes';

/** Why credentials could not be read. */
export interface CredentialFailure {
  readonly message: string;
  readonly code?: string;
}

/** Current credentials of a cluster, or why there are none. Stays inside this process and is never logged. */
export type CredentialAnswer =
  | { readonly credentials: EndpointCredentials }
  | { readonly failure: CredentialFailure };

/** What is asked of whoever runs the elections. `cluster` names one of them in every message. */
export type DutyRequest =
  | {
      readonly type: 'open';
      readonly cluster: string;
      /** What replicas call the cluster among themselves: its UID. */
      readonly id: string;
      readonly identity: string;
      readonly server: string;
      readonly timing: LeaseTiming;
      readonly cell: SharedArrayBuffer;
      readonly answer: CredentialAnswer;
    }
  | {
      readonly type: 'credentials';
      readonly cluster: string;
      readonly answer: CredentialAnswer;
    }
  | { readonly type: 'handOver'; readonly cluster: string }
  | { readonly type: 'stop'; readonly cluster: string };

/** What is told by whoever runs the elections. */
export type DutyReport =
  | { readonly type: 'ready' }
  /** The cell has changed, or what keeps us from leading. */
  | {
      readonly type: 'state';
      readonly cluster: string;
      readonly error: string | undefined;
    }
  /** It is another replica's turn: hand over when nothing is under way. */
  | { readonly type: 'handOverWish'; readonly cluster: string }
  | { readonly type: 'handedOver'; readonly cluster: string }
  | { readonly type: 'stopped'; readonly cluster: string }
  /** The API server did not accept the credentials. */
  | { readonly type: 'credentialsRefused'; readonly cluster: string }
  | {
      readonly type: 'log';
      readonly cluster: string;
      readonly level: 'warn' | 'debug';
      readonly message: string;
    };

/** One end of the way between the thread that acts and the one that runs the elections. */
export interface DutyPort<Out, In> {
  post(message: Out): void;
  onMessage(listener: (message: In) => void): void;
}
