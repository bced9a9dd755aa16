import { Card, CardBody, CardHeader, Text } from '@backstage/ui';
import { ReactNode } from 'react';

/** Props of {@link Section}. */
export interface SectionProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** A titled card that assistive technology can jump to. */
export function Section(props: SectionProps) {
  return (
    <Card role="region" aria-label={props.title}>
      <CardHeader>
        <Text as="h3" variant="title-x-small" weight="bold">
          {props.title}
        </Text>
      </CardHeader>
      <CardBody>{props.children}</CardBody>
    </Card>
  );
}
