package main

import (
	"encoding/json"
	"fmt"
	"log/slog"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/policy/utils"
	kjson "sigs.k8s.io/json"
)

// loadedPolicy is an object that the agent accepts, as it enters the repository.
type loadedPolicy struct {
	resource ipcachetypes.ResourceID
	entries  types.PolicyEntries
	fqdns    []api.FQDNSelector
}

type objectHead struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"metadata"`
}

func (h objectHead) String() string {
	if h.Metadata.Namespace == "" {
		return fmt.Sprintf("%s %s", h.Kind, h.Metadata.Name)
	}
	return fmt.Sprintf("%s %s/%s", h.Kind, h.Metadata.Namespace, h.Metadata.Name)
}

// loadPolicies parses every object as the agent does; what it refuses is left out of the world and named.
func loadPolicies(logger *slog.Logger, clusterName string, objects []json.RawMessage) ([]loadedPolicy, []Invalid, error) {
	// The cluster name is part of the mapping of the entity "cluster", which parsing consults.
	api.InitEntities(clusterName)
	cluster := cmtypes.LocalClusterNameForPolicies(cmtypes.DefaultPolicyConfig, clusterName)
	var loaded []loadedPolicy
	invalid := []Invalid{}
	for _, raw := range objects {
		var head objectHead
		if err := json.Unmarshal(raw, &head); err != nil {
			return nil, nil, fmt.Errorf("reading the head of an object: %w", err)
		}
		policy, err := loadPolicy(logger, cluster, head, raw)
		if err != nil {
			invalid = append(invalid, Invalid{Object: head.String(), Message: err.Error()})
			continue
		}
		loaded = append(loaded, policy)
	}
	return loaded, invalid, nil
}

func loadPolicy(logger *slog.Logger, cluster string, head objectHead, raw []byte) (loadedPolicy, error) {
	namespace, name := head.Metadata.Namespace, head.Metadata.Name
	switch head.Kind {
	case "CiliumNetworkPolicy":
		var policy v2.CiliumNetworkPolicy
		if err := kjson.UnmarshalCaseSensitivePreserveInts(raw, &policy); err != nil {
			return loadedPolicy{}, err
		}
		rules, err := policy.Parse(logger, cluster)
		return fromRules(ipcachetypes.NewResourceID(ipcachetypes.ResourceKindCNP, namespace, name), rules), err
	case "CiliumClusterwideNetworkPolicy":
		var policy v2.CiliumClusterwideNetworkPolicy
		if err := kjson.UnmarshalCaseSensitivePreserveInts(raw, &policy); err != nil {
			return loadedPolicy{}, err
		}
		rules, err := policy.Parse(logger, cluster)
		return fromRules(ipcachetypes.NewResourceID(ipcachetypes.ResourceKindCCNP, "", name), rules), err
	case "NetworkPolicy":
		var policy networkingv1.NetworkPolicy
		if err := kjson.UnmarshalCaseSensitivePreserveInts(raw, &policy); err != nil {
			return loadedPolicy{}, err
		}
		entries, err := k8s.ParseNetworkPolicy(logger, cluster, &policy)
		return loadedPolicy{
			resource: ipcachetypes.NewResourceID(ipcachetypes.ResourceKindNetpol, namespace, name),
			entries:  entries,
		}, err
	}
	return loadedPolicy{}, fmt.Errorf("Cilium does not enforce objects of kind %q", head.Kind)
}

func fromRules(resource ipcachetypes.ResourceID, rules api.Rules) loadedPolicy {
	loaded := loadedPolicy{resource: resource, entries: utils.RulesToPolicyEntries(rules)}
	for _, rule := range rules {
		for _, egress := range rule.Egress {
			loaded.fqdns = append(loaded.fqdns, egress.ToFQDNs...)
		}
	}
	return loaded
}
