import { formatPath, PathSegment } from '../api/fieldPath';

/** Where a walk stands. The text is made only when somebody asks: most places have nothing to say. */
export class Place {
  private text?: string;

  private constructor(
    private readonly segment: PathSegment,
    private readonly parent?: Place,
  ) {}

  static root(segment: string): Place {
    return new Place(segment);
  }

  at(segment: PathSegment): Place {
    return new Place(segment, this);
  }

  /** Dotted path such as `spec.values.tls[0].secretName`. */
  get path(): string {
    this.text ??= this.format();
    return this.text;
  }

  private format(): string {
    const step = formatPath([this.segment]);
    if (!this.parent) {
      return step;
    }
    return step.startsWith('[')
      ? `${this.parent.path}${step}`
      : `${this.parent.path}.${step}`;
  }
}
