import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Accordion,
  AccordionGroup,
  AccordionPanel,
  AccordionTrigger,
  Text,
} from '@backstage/ui';
import { MemberDetail } from '@lattice-portal/backstage-plugin-lattice-common';
import { Section } from '../state/Section';
import codeStyles from '../state/code.module.css';
import { latticeTranslationRef } from '../translation';

/** Props of {@link Policies}. */
export interface PoliciesProps {
  readonly policies: MemberDetail['policies'];
}

/** The generated policies, each as YAML behind its name. */
export function Policies(props: PoliciesProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { policies } = props;
  return (
    <Section title={t('mesh.policies')}>
      {policies.length === 0 ? (
        <Text color="secondary">{t('mesh.noPolicies')}</Text>
      ) : (
        <AccordionGroup allowsMultiple>
          {policies.map(({ kind, name, yaml }) => (
            <Accordion key={`${kind}/${name}`}>
              <AccordionTrigger title={kind} subtitle={name} />
              <AccordionPanel>
                <pre className={codeStyles.code}>{yaml}</pre>
              </AccordionPanel>
            </Accordion>
          ))}
        </AccordionGroup>
      )}
    </Section>
  );
}
