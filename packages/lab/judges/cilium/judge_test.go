package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

var quiet = slog.New(slog.DiscardHandler)

func TestMain(m *testing.M) {
	if err := configure(quiet); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// aCase is a world in which every kind of rule that the judge has to carry to the engine occurs.
func aCase() Case {
	c := Case{
		ClusterName: "lab",
		Namespaces:  []Namespace{{Name: "a", Labels: map[string]string{"team": "red"}}, {Name: "b"}},
		Externals: []External{
			{Name: "api", CIDR: "203.0.113.7/32", FQDN: "api.example.com"},
			{Name: "other", CIDR: "198.51.100.9/32", FQDN: "example.org"},
		},
	}
	for _, namespace := range []string{"a", "b"} {
		for i, name := range []string{"web", "db", "job"} {
			c.Pods = append(c.Pods, Pod{
				Namespace: namespace, Name: name, ServiceAccount: name,
				Labels:     map[string]string{"app": name, "pod-template-hash": "h"},
				NamedPorts: []NamedPort{{Name: "serve", Port: 8080 + i, Protocol: "TCP"}},
			})
		}
	}
	for _, object := range policiesOfEveryKind {
		c.Policies = append(c.Policies, json.RawMessage(object))
	}
	return c
}

var policiesOfEveryKind = []string{
	`{"kind":"CiliumNetworkPolicy","metadata":{"name":"names","namespace":"a"},"spec":{
		"endpointSelector":{"matchLabels":{"k8s:app":"db"}},
		"ingress":[{},{"fromEndpoints":[{"matchLabels":{"k8s:app":"web","k8s:io.kubernetes.pod.namespace":"a"}}],
			"toPorts":[{"ports":[{"port":"serve","protocol":"TCP"}]}]}]}}`,
	`{"kind":"CiliumNetworkPolicy","metadata":{"name":"calls","namespace":"a"},"spec":{
		"endpointSelector":{"matchLabels":{"k8s:app":"web"}},
		"egress":[{},{"toEndpoints":[{"matchLabels":{"k8s:app":"db"}}],"toPorts":[{"ports":[{"port":"serve","protocol":"TCP"}]}]},
			{"toFQDNs":[{"matchPattern":"*.example.com"}],"toPorts":[{"ports":[{"port":"443","protocol":"TCP"}]}]},
			{"toCIDR":["198.51.100.0/24"]}]}}`,
	`{"kind":"CiliumNetworkPolicy","metadata":{"name":"dns","namespace":"a"},"spec":{
		"endpointSelector":{"matchLabels":{"k8s:app":"job"}},
		"egress":[{"toEndpoints":[{"matchLabels":{"k8s:io.kubernetes.pod.namespace":"b"}}],
			"toPorts":[{"ports":[{"port":"53","protocol":"UDP"}],"rules":{"dns":[{"matchPattern":"*"}]}}]}],
		"ingress":[{"fromEntities":["cluster"]}]}}`,
	`{"kind":"CiliumNetworkPolicy","metadata":{"name":"http","namespace":"b"},"spec":{
		"endpointSelector":{"matchLabels":{"k8s:app":"web"}},
		"ingress":[{"toPorts":[{"ports":[{"port":"8080","protocol":"TCP"}],"rules":{"http":[{"method":"GET"}]}}]}],
		"ingressDeny":[{"fromEndpoints":[{"matchLabels":{"k8s:app":"job"}}]}]}}`,
	`{"kind":"CiliumClusterwideNetworkPolicy","metadata":{"name":"wide"},"spec":{
		"endpointSelector":{"matchLabels":{"k8s:io.kubernetes.pod.namespace":"b","k8s:app":"db"}},
		"ingress":[{"fromEndpoints":[{"matchLabels":{"k8s:io.cilium.k8s.namespace.labels.team":"red"}}],
			"toPorts":[{"ports":[{"port":"8000","endPort":8090,"protocol":"TCP"}]}]}]}}`,
	`{"kind":"NetworkPolicy","metadata":{"name":"kube","namespace":"b"},"spec":{
		"podSelector":{"matchLabels":{"app":"job"}},"policyTypes":["Ingress"],
		"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"team":"red"}}}],"ports":[{"port":"serve"}]}]}}`,
}

// The judge resolves policy once for each identity; the engine's own reference resolves it anew for each flow.
func TestAgreesWithLookupFlow(t *testing.T) {
	w, err := newWorld(quiet, aCase())
	if err != nil {
		t.Fatal(err)
	}
	if len(w.invalid) > 0 {
		t.Fatalf("the world's objects are not valid: %v", w.invalid)
	}
	count, allowed := 0, 0
	for fromName, from := range w.ends {
		for toName, to := range w.ends {
			for _, port := range []uint16{53, 443, 8080, 8081, 8082, 15008} {
				for _, protocol := range []u8proto.U8proto{u8proto.TCP, u8proto.UDP} {
					egress, ingress, err := w.verdict(from, to, port, protocol)
					if err != nil {
						t.Fatal(err)
					}
					wantEgress, wantIngress := lookup(t, w, from, to, port, protocol)
					if egress != wantEgress || ingress != wantIngress {
						t.Errorf("%s -> %s %s/%d: egress %v, ingress %v; LookupFlow says %v, %v",
							fromName, toName, protocol, port, egress, ingress, wantEgress, wantIngress)
					}
					count++
					if egress && ingress {
						allowed++
					}
				}
			}
		}
	}
	if allowed == 0 || allowed == count {
		t.Errorf("%d of %d flows are allowed, so the world proves nothing", allowed, count)
	}
}

func lookup(t *testing.T, w *world, from, to end, port uint16, protocol u8proto.U8proto) (egress, ingress bool) {
	t.Helper()
	named := map[string]uint16{}
	for name, port := range to.namedPorts {
		named[name] = port.Port
	}
	verdict, _, _, err := policy.LookupFlow(quiet, w.repo, w.manager, types.Flow{
		From: from.identity, To: to.identity, Proto: protocol, Dport: port, NamedPortsTCP: named,
	})
	if err != nil {
		t.Fatal(err)
	}
	return verdict.Egress == types.DecisionAllowed || !from.isEndpoint,
		verdict.Ingress == types.DecisionAllowed || !to.isEndpoint
}

func TestEqualLabelsShareOneIdentity(t *testing.T) {
	c := aCase()
	twin := c.Pods[0]
	twin.Name = "web-2"
	twin.Labels = map[string]string{"app": "web", "pod-template-hash": "another"}
	c.Pods = append(c.Pods, twin)
	w, err := newWorld(quiet, c)
	if err != nil {
		t.Fatal(err)
	}
	if w.ends["a/web"].identity != w.ends["a/web-2"].identity {
		t.Error("a label that Cilium ignores made another identity")
	}
	if w.ends["a/web"].identity == w.ends["b/web"].identity {
		t.Error("pods of two namespaces share an identity")
	}
}

func TestReservedEndsAreTheEnginesOwn(t *testing.T) {
	for name, id := range reservedEnds {
		if known := identity.LookupReservedIdentity(id); known == nil || !known.IsReserved() {
			t.Errorf("%s is not a reserved identity", name)
		}
	}
}

func TestRefusesQuestionsAboutUnknownEnds(t *testing.T) {
	c := aCase()
	c.Ends = []string{"a/web", "a/gone"}
	if _, err := answerCase(quiet, c); err == nil {
		t.Error("a verdict was given about a pod that does not exist")
	}
}
