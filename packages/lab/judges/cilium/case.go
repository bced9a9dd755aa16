package main

import "encoding/json"

// Case is one line of the input: a world, and what is asked of it.
type Case struct {
	ClusterName string            `json:"clusterName"`
	Namespaces  []Namespace       `json:"namespaces"`
	Pods        []Pod             `json:"pods"`
	Externals   []External        `json:"externals"`
	Policies    []json.RawMessage `json:"policies"`
	// Ends are the names that questions refer to by index: "namespace/name" of a pod, a reserved entity or an external.
	Ends      []string   `json:"ends"`
	Questions []Question `json:"questions"`
}

// Namespace carries the labels that become part of the identity of its pods.
type Namespace struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
}

// Pod is one endpoint that the engine manages. Pods on the host's network are not endpoints and are not sent.
type Pod struct {
	Namespace      string            `json:"namespace"`
	Name           string            `json:"name"`
	Labels         map[string]string `json:"labels"`
	ServiceAccount string            `json:"serviceAccount"`
	NamedPorts     []NamedPort       `json:"namedPorts"`
}

// NamedPort is a container port that policies may refer to by name.
type NamedPort struct {
	Name     string `json:"name"`
	Port     int    `json:"port"`
	Protocol string `json:"protocol"`
}

// External is a range of addresses outside the cluster, and the DNS name that resolved to it.
type External struct {
	Name string `json:"name"`
	CIDR string `json:"cidr"`
	FQDN string `json:"fqdn"`
}

// Question asks for one flow; From and To are indices into Ends.
type Question struct {
	From     int    `json:"from"`
	To       int    `json:"to"`
	Port     uint16 `json:"port"`
	Protocol string `json:"protocol"`
}

// UnmarshalJSON reads the compact form [from, to, port, protocol].
func (q *Question) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&q.From, &q.To, &q.Port, &q.Protocol})
}

// Answer is one line of the output.
type Answer struct {
	// Verdicts has one digit for each question: 1 when egress is allowed, plus 2 when ingress is allowed.
	Verdicts string    `json:"verdicts"`
	Invalid  []Invalid `json:"invalid"`
}

// Invalid names an object that the agent refuses to load.
type Invalid struct {
	Object  string `json:"object"`
	Message string `json:"message"`
}
