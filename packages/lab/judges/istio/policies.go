package main

import (
	"encoding/json"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"istio.io/api/security/v1beta1"
	securityclient "istio.io/client-go/pkg/apis/security/v1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
)

// policies are the objects that pass Istio's own parsing and validation.
type policies struct {
	authorization      []*securityclient.AuthorizationPolicy
	peerAuthentication []*securityclient.PeerAuthentication
	// configs holds the same peer authentications in the shape that Istio's composition of modes takes.
	configs []*config.Config
}

type objectHead struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"metadata"`
}

func (h objectHead) String() string {
	return fmt.Sprintf("%s %s/%s", h.Kind, h.Metadata.Namespace, h.Metadata.Name)
}

// loadPolicies parses and validates every object as istiod's webhook does; what it refuses is left out and named.
func loadPolicies(objects []json.RawMessage) (policies, []Invalid, error) {
	var loaded policies
	invalid := []Invalid{}
	for _, raw := range objects {
		var head objectHead
		if err := json.Unmarshal(raw, &head); err != nil {
			return policies{}, nil, fmt.Errorf("reading the head of an object: %w", err)
		}
		configs, unknown, err := crd.ParseInputs(string(raw))
		if err == nil && (len(unknown) > 0 || len(configs) != 1) {
			err = fmt.Errorf("Istio does not know %s", head.Kind)
		}
		if err != nil {
			invalid = append(invalid, Invalid{Object: head.String(), Message: err.Error()})
			continue
		}
		if err := loaded.add(configs[0]); err != nil {
			return policies{}, nil, err
		}
	}
	return loaded, invalid, nil
}

func (p *policies) add(parsed config.Config) error {
	meta := metav1.ObjectMeta{
		Name:              parsed.Name,
		Namespace:         parsed.Namespace,
		Labels:            parsed.Labels,
		Annotations:       parsed.Annotations,
		CreationTimestamp: metav1.NewTime(parsed.CreationTimestamp),
		Generation:        parsed.Generation,
	}
	switch spec := parsed.Spec.(type) {
	case *v1beta1.AuthorizationPolicy:
		object := &securityclient.AuthorizationPolicy{ObjectMeta: meta}
		spec.DeepCopyInto(&object.Spec)
		p.authorization = append(p.authorization, object)
	case *v1beta1.PeerAuthentication:
		object := &securityclient.PeerAuthentication{ObjectMeta: meta}
		spec.DeepCopyInto(&object.Spec)
		p.peerAuthentication = append(p.peerAuthentication, object)
		p.configs = append(p.configs, &parsed)
	default:
		return fmt.Errorf("ztunnel takes nothing from objects of kind %s", parsed.GroupVersionKind.Kind)
	}
	return nil
}
