package main

import (
	"fmt"
	"log/slog"
	"net/netip"

	"github.com/cilium/cilium/pkg/fqdn/dns"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/k8s"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/policy/api"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
)

const firstPodIdentity = identity.NumericIdentity(256)

// end is one side of a flow, as the engine sees it.
type end struct {
	identity *identity.Identity
	// isEndpoint is true when the agent enforces policy at this end; nodes and what lies outside only ever are peers.
	isEndpoint bool
	namedPorts ciliumtypes.NamedPortMap
}

// reservedEnds are the peers that exist in every cluster.
var reservedEnds = map[string]identity.NumericIdentity{
	"host":           identity.ReservedIdentityHost,
	"remote-node":    identity.ReservedIdentityRemoteNode,
	"kube-apiserver": identity.ReservedIdentityKubeAPIServer,
	"world":          identity.ReservedIdentityWorld,
}

// identities hands out numbers as the allocator of a cluster does: equal labels share one identity.
type identities struct {
	byLabels  map[string]*identity.Identity
	nextPod   identity.NumericIdentity
	nextLocal identity.NumericIdentity
	all       identity.IdentityMap
}

func newIdentities() *identities {
	return &identities{
		byLabels:  map[string]*identity.Identity{},
		nextPod:   firstPodIdentity,
		nextLocal: identity.MinLocalIdentity,
		all:       identity.ListReservedIdentities(),
	}
}

func (i *identities) allocate(lbls labels.Labels, next *identity.NumericIdentity) *identity.Identity {
	key := string(lbls.SortedList())
	if known, ok := i.byLabels[key]; ok {
		return known
	}
	allocated := identity.NewIdentity(*next, lbls)
	*next++
	i.byLabels[key] = allocated
	i.all[allocated.ID] = allocated.LabelArray
	return allocated
}

type namedObject struct{ Namespace }

func (n namedObject) GetName() string              { return n.Name }
func (n namedObject) GetLabels() map[string]string { return n.Labels }

// pod gives a pod the identity that the agent would give it, ignored labels left out.
func (i *identities) pod(pod Pod, namespace Namespace, clusterName string) (end, error) {
	all := k8sutils.SanitizePodLabels(pod.Labels, namedObject{namespace}, pod.ServiceAccount, clusterName)
	lbls, _ := labelsfilter.Filter(labels.Map2Labels(all, labels.LabelSourceK8s))
	ports := ciliumtypes.NamedPortMap{}
	for _, port := range pod.NamedPorts {
		if err := ports.AddPort(port.Name, port.Port, port.Protocol); err != nil {
			return end{}, fmt.Errorf("pod %s/%s, port %s: %w", pod.Namespace, pod.Name, port.Name, err)
		}
	}
	for _, label := range k8s.NamedPortsIdentityLabels(ports) {
		lbls[label.Key] = label
	}
	return end{identity: i.allocate(lbls, &i.nextPod), isEndpoint: true, namedPorts: ports}, nil
}

// external gives addresses outside the labels of their range and of every FQDN selector that matches their name.
func (i *identities) external(external External, fqdns []api.FQDNSelector) (end, error) {
	prefix, err := netip.ParsePrefix(external.CIDR)
	if err != nil {
		return end{}, fmt.Errorf("external %s: %w", external.Name, err)
	}
	lbls := labels.GetCIDRLabels(prefix)
	for _, selector := range fqdns {
		pattern, err := selector.ToRegex()
		if err != nil {
			return end{}, fmt.Errorf("external %s: %w", external.Name, err)
		}
		if external.FQDN != "" && pattern.MatchString(dns.FQDN(external.FQDN)) {
			label := selector.IdentityLabel()
			lbls[label.Key] = label
		}
	}
	return end{identity: i.allocate(lbls, &i.nextLocal)}, nil
}

// ends resolves every name that a question of the case may use.
func (i *identities) ends(c Case, fqdns []api.FQDNSelector) (map[string]end, error) {
	namespaces := map[string]Namespace{}
	for _, namespace := range c.Namespaces {
		namespaces[namespace.Name] = namespace
	}
	ends := map[string]end{}
	for name, id := range reservedEnds {
		ends[name] = end{identity: identity.LookupReservedIdentity(id)}
	}
	for _, pod := range c.Pods {
		namespace, ok := namespaces[pod.Namespace]
		if !ok {
			return nil, fmt.Errorf("pod %s/%s is in no namespace of the world", pod.Namespace, pod.Name)
		}
		resolved, err := i.pod(pod, namespace, c.ClusterName)
		if err != nil {
			return nil, err
		}
		ends[pod.Namespace+"/"+pod.Name] = resolved
	}
	for _, external := range c.Externals {
		resolved, err := i.external(external, fqdns)
		if err != nil {
			return nil, err
		}
		ends[external.Name] = resolved
	}
	return ends, nil
}

func parseLabelFilter(logger *slog.Logger) error {
	return labelsfilter.ParseLabelPrefixCfg(logger, nil, nil, "")
}
