package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
)

// Case is one line of the input: a world, and what is asked of it.
type Case struct {
	TrustDomain   string            `json:"trustDomain"`
	RootNamespace string            `json:"rootNamespace"`
	ClusterName   string            `json:"clusterName"`
	Namespaces    []Namespace       `json:"namespaces"`
	Pods          []Pod             `json:"pods"`
	Policies      []json.RawMessage `json:"policies"`
	Sources       []Source          `json:"sources"`
	Questions     []Question        `json:"questions"`
}

// Namespace is a namespace of the world.
type Namespace struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
}

// Pod is one pod whose traffic ztunnel captures.
type Pod struct {
	Namespace      string            `json:"namespace"`
	Name           string            `json:"name"`
	Labels         map[string]string `json:"labels"`
	ServiceAccount string            `json:"serviceAccount"`
	IP             netip.Addr        `json:"ip"`
}

func (p Pod) key() string { return p.Namespace + "/" + p.Name }

// Source is where a connection comes from. Without a service account it has no identity, as plain traffic has none.
type Source struct {
	IP             netip.Addr `json:"ip"`
	Namespace      string     `json:"namespace"`
	ServiceAccount string     `json:"serviceAccount"`
}

// Question asks for one connection: To is an index into Pods, Source one into Sources.
type Question struct {
	To     int
	Source int
	Port   uint16
}

// UnmarshalJSON reads the compact form [to, source, port].
func (q *Question) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&q.To, &q.Source, &q.Port})
}

// Answer is one line of the output.
type Answer struct {
	// Verdicts has one digit for each question: 1 when ztunnel lets the connection in.
	Verdicts string    `json:"verdicts"`
	Invalid  []Invalid `json:"invalid"`
}

// Invalid names an object that Istio's validation refuses.
type Invalid struct {
	Object  string `json:"object"`
	Message string `json:"message"`
}

func answerCase(c Case) (Answer, error) {
	policies, invalid, err := loadPolicies(c.Policies)
	if err != nil {
		return Answer{}, err
	}
	view, err := buildProxyView(c, policies)
	if err != nil {
		return Answer{}, err
	}
	verdicts := make([]byte, len(c.Questions))
	for i, question := range c.Questions {
		if question.To < 0 || question.To >= len(c.Pods) || question.Source < 0 || question.Source >= len(c.Sources) {
			return Answer{}, fmt.Errorf("question %d names an end that the world does not have", i+1)
		}
		pod, source := c.Pods[question.To], c.Sources[question.Source]
		verdicts[i] = '0'
		if view.allows(pod, connectionOf(c.TrustDomain, source, pod, question.Port)) {
			verdicts[i] = '1'
		}
	}
	return Answer{Verdicts: string(verdicts), Invalid: invalid}, nil
}

func connectionOf(trustDomain string, source Source, to Pod, port uint16) connection {
	c := connection{sourceIP: source.IP, destinationIP: to.IP, destinationPort: port}
	if source.ServiceAccount != "" {
		c.identity = &identity{trustDomain: trustDomain, namespace: source.Namespace, serviceAccount: source.ServiceAccount}
	}
	return c
}
