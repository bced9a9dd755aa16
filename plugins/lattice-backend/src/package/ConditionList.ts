import {
  Condition,
  ConditionStatus,
  PackageConditionType,
  removeCondition,
  setCondition,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { Gate } from './PackageWorld';

/** Conditions being composed: one writer, one generation, one time. */
export class ConditionList {
  constructor(
    public conditions: readonly Condition[],
    private readonly generation: number | undefined,
    private readonly now: Date,
  ) {}

  set(
    type: PackageConditionType,
    status: ConditionStatus,
    reason: string,
    message: string,
  ): void {
    this.conditions = setCondition(
      this.conditions,
      {
        type,
        status,
        reason,
        message,
        ...(this.generation === undefined
          ? {}
          : { observedGeneration: this.generation }),
      },
      this.now,
    );
  }

  gate(type: PackageConditionType, gate: Gate | undefined): void {
    if (gate) {
      this.set(type, gate.isOpen ? 'True' : 'False', gate.reason, gate.message);
    }
  }

  remove(type: PackageConditionType): void {
    this.conditions = removeCondition(this.conditions, type);
  }

  /** Sets an abnormal condition while it holds, and takes it away when not. */
  mark(
    type: PackageConditionType,
    holds: { reason: string; message: string } | undefined,
  ): void {
    if (holds) {
      this.set(type, 'True', holds.reason, holds.message);
    } else {
      this.remove(type);
    }
  }
}
