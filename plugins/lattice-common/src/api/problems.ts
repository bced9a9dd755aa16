import { z } from 'zod/v4';
import { formatPath, PathSegment } from './fieldPath';
import { FieldProblem } from './object';
import { schemaProblems } from './schemaProblems';

/** Gathers what is wrong with one object while it is being read. */
export class Problems {
  private readonly found: FieldProblem[] = [];

  get list(): readonly FieldProblem[] {
    return this.found;
  }

  get any(): boolean {
    return this.found.length > 0;
  }

  add(path: readonly PathSegment[], message: string): void {
    this.found.push({ path: formatPath(path), message });
  }

  addAll(problems: readonly FieldProblem[]): void {
    this.found.push(...problems);
  }

  /** The value as the schema reads it, or `undefined` after noting why not. */
  read<S extends z.ZodType>(
    schema: S,
    value: unknown,
    path: readonly PathSegment[],
  ): z.output<S> | undefined {
    const outcome = schema.safeParse(value, { reportInput: true });
    if (outcome.success) {
      return outcome.data;
    }
    this.addAll(schemaProblems(outcome.error, path));
    return undefined;
  }
}
