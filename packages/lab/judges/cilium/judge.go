package main

import (
	"errors"
	"fmt"
	"log/slog"
	"math"

	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// configure sets the engine up as an agent with Cilium's defaults in a Kubernetes cluster.
func configure(logger *slog.Logger) error {
	option.Config.EnableL7Proxy = true
	option.Config.EnableIPv4 = true
	option.Config.EnableIPv6 = false
	option.Config.UnsafeDaemonConfigOption.AllowLocalhost = option.AllowLocalhostAlways
	policy.SetPolicyEnabled(option.DefaultEnforcement)
	return parseLabelFilter(logger)
}

// world is a policy repository filled with the objects of one case.
type world struct {
	logger   *slog.Logger
	repo     *policy.Repository
	manager  identitymanager.IDManager
	ends     map[string]end
	resolved map[identity.NumericIdentity]*policy.EndpointPolicy
	invalid  []Invalid
}

func newWorld(logger *slog.Logger, c Case) (*world, error) {
	policies, invalid, err := loadPolicies(logger, c.ClusterName, c.Policies)
	if err != nil {
		return nil, err
	}
	var fqdns []api.FQDNSelector
	for _, loaded := range policies {
		fqdns = append(fqdns, loaded.fqdns...)
	}
	ids := newIdentities()
	ends, err := ids.ends(c, fqdns)
	if err != nil {
		return nil, err
	}
	manager := identitymanager.NewIDManager(logger)
	repo := policy.NewPolicyRepository(logger, ids.all, nil, envoypolicy.NewEnvoyL7RulesTranslator(logger, nil), manager, nil)
	// The selectors of subjects are kept apart from those of peers and have to learn the identities too.
	repo.UpdateIdentities(ids.all, nil)
	repo.SetNamedPortsGetter(namedPortsOf(ends))
	for _, loaded := range policies {
		repo.ReplaceByResource(loaded.entries, loaded.resource)
	}
	return &world{
		logger:   logger,
		repo:     repo,
		manager:  manager,
		ends:     ends,
		resolved: map[identity.NumericIdentity]*policy.EndpointPolicy{},
		invalid:  invalid,
	}, nil
}

// verdict asks both endpoints of a flow. An end that is no endpoint enforces nothing and so allows.
func (w *world) verdict(from, to end, port uint16, protocol u8proto.U8proto) (egress, ingress bool, err error) {
	egress, ingress = true, true
	if from.isEndpoint {
		key := policy.EgressKey().WithIdentity(to.identity.ID).WithPortProto(protocol, port)
		if egress, err = w.allows(from, key); err != nil {
			return false, false, err
		}
	}
	if to.isEndpoint {
		key := policy.IngressKey().WithIdentity(from.identity.ID).WithPortProto(protocol, port)
		if ingress, err = w.allows(to, key); err != nil {
			return false, false, err
		}
	}
	return egress, ingress, nil
}

func (w *world) allows(subject end, key policy.Key) (bool, error) {
	resolved, err := w.endpointPolicy(subject)
	if err != nil {
		return false, err
	}
	entry, _, _ := resolved.Lookup(key)
	return !entry.IsDeny(), nil
}

// endpointPolicy does what policy.LookupFlow does for one end, but once for each identity and not for each flow.
func (w *world) endpointPolicy(subject end) (*policy.EndpointPolicy, error) {
	id := subject.identity
	if known, ok := w.resolved[id.ID]; ok {
		return known, nil
	}
	selectorPolicy, _, err := w.repo.ComputeSelectorPolicy(id)
	if err != nil {
		return nil, fmt.Errorf("resolving the policy of identity %d: %w", id.ID, err)
	}
	redirects := map[string]uint16{policy.FallbackRedirectID: math.MaxUint16}
	distilled := selectorPolicy.DistillPolicy(w.logger, &endpoint{end: subject}, redirects)
	if err := distilled.Ready(); err != nil {
		return nil, fmt.Errorf("resolving the policy of identity %d: %w", id.ID, err)
	}
	distilled.Detach(w.logger)
	selectorPolicy.Supersede()
	w.resolved[id.ID] = distilled
	return distilled, nil
}

// endpoint is the owner of a distilled policy, as far as the engine asks it anything.
type endpoint struct{ end }

func (e *endpoint) GetID() uint64 { return uint64(e.identity.ID) }

func (e *endpoint) GetIngressNamedPort(name string, protocol u8proto.U8proto) uint16 {
	port, err := e.namedPorts.GetNamedPort(name, protocol)
	if err != nil {
		return 0
	}
	return port
}

func (e *endpoint) PolicyDebug(string, ...any) {}

func (e *endpoint) IsHost() bool { return false }

func (e *endpoint) PreviousMapStateSizes() policy.MapStateSizes { return policy.MapStateSizes{} }

func (e *endpoint) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}

// namedPorts answers by which numbers the pods of a world know a port name.
type namedPorts struct{ ports ciliumtypes.NamedPortMultiMap }

func (n namedPorts) GetNamedPorts() ciliumtypes.NamedPortMultiMap { return n.ports }

func namedPortsOf(ends map[string]end) namedPorts {
	ports := ciliumtypes.NewNamedPortMultiMap()
	seen := map[identity.NumericIdentity]bool{}
	for _, e := range ends {
		if !seen[e.identity.ID] {
			seen[e.identity.ID] = true
			ports.Update(e.identity.ID, nil, e.namedPorts)
		}
	}
	return namedPorts{ports}
}

var errUnknownEnd = errors.New("a question names an end that the world does not have")

// answerCase answers every question of a case.
func answerCase(logger *slog.Logger, c Case) (Answer, error) {
	w, err := newWorld(logger, c)
	if err != nil {
		return Answer{}, err
	}
	ends := make([]end, len(c.Ends))
	for i, name := range c.Ends {
		known, ok := w.ends[name]
		if !ok {
			return Answer{}, fmt.Errorf("%w: %s", errUnknownEnd, name)
		}
		ends[i] = known
	}
	verdicts := make([]byte, len(c.Questions))
	for i, question := range c.Questions {
		protocol, err := u8proto.ParseProtocol(question.Protocol)
		if err != nil {
			return Answer{}, err
		}
		if question.From >= len(ends) || question.To >= len(ends) || question.From < 0 || question.To < 0 {
			return Answer{}, errUnknownEnd
		}
		egress, ingress, err := w.verdict(ends[question.From], ends[question.To], question.Port, protocol)
		if err != nil {
			return Answer{}, err
		}
		verdicts[i] = digit(egress, ingress)
	}
	return Answer{Verdicts: string(verdicts), Invalid: w.invalid}, nil
}

func digit(egress, ingress bool) byte {
	result := byte('0')
	if egress {
		result++
	}
	if ingress {
		result += 2
	}
	return result
}
