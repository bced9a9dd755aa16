package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"testing"

	"istio.io/api/security/v1beta1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/security/authn"
	"istio.io/istio/pkg/config"
)

func TestMain(m *testing.M) {
	if err := silenceLog(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func aCase(objects ...string) Case {
	c := Case{
		TrustDomain: "td", RootNamespace: "istio-system", ClusterName: "lab",
		Namespaces: []Namespace{{Name: "istio-system"}, {Name: "a"}, {Name: "b"}},
		Sources: []Source{
			{IP: netip.MustParseAddr("10.0.0.9")},
			{IP: netip.MustParseAddr("10.0.0.1"), Namespace: "a", ServiceAccount: "web"},
		},
	}
	for i, key := range [][2]string{{"a", "web"}, {"a", "db"}, {"b", "web"}} {
		c.Pods = append(c.Pods, Pod{
			Namespace: key[0], Name: key[1], ServiceAccount: key[1],
			Labels: map[string]string{"app": key[1]}, IP: netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}),
		})
	}
	for _, object := range objects {
		c.Policies = append(c.Policies, json.RawMessage(object))
	}
	return c
}

func object(kind, namespace, name, spec string) string {
	return fmt.Sprintf(`{"apiVersion":"security.istio.io/v1","kind":%q,"metadata":{"namespace":%q,"name":%q},"spec":%s}`,
		kind, namespace, name, spec)
}

// verdictsOf asks for port 80 of every pod, plain and then as a/web.
func verdictsOf(t *testing.T, c Case) string {
	t.Helper()
	for to := range c.Pods {
		c.Questions = append(c.Questions, Question{To: to, Source: 0, Port: 80}, Question{To: to, Source: 1, Port: 80})
	}
	answer, err := answerCase(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Invalid) > 0 {
		t.Fatalf("refused: %v", answer.Invalid)
	}
	return answer.Verdicts
}

func TestScopes(t *testing.T) {
	deny := func(namespace, extra string) string {
		return object("AuthorizationPolicy", namespace, "deny-all", "{"+extra+"}")
	}
	for name, test := range map[string]struct{ object, want string }{
		"of a namespace":                  {deny("a", ""), "000011"},
		"of the mesh":                     {deny("istio-system", ""), "000000"},
		"of one workload":                 {deny("a", `"selector":{"matchLabels":{"app":"db"}}`), "110011"},
		"of workloads of every namespace": {deny("istio-system", `"selector":{"matchLabels":{"app":"web"}}`), "001100"},
		"an empty selector, of nothing":   {deny("a", `"selector":{}`), "111111"},
		"for a waypoint, not ztunnel":     {deny("a", `"targetRefs":[{"kind":"Service","group":"","name":"web"}]`), "111111"},
	} {
		if got := verdictsOf(t, aCase(test.object)); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

// The mode that Istio composes for a port, strict or not, is what decides on plain traffic to it.
func TestPlainTrafficFollowsTheComposedMode(t *testing.T) {
	peer := func(namespace, name, spec string) string { return object("PeerAuthentication", namespace, name, spec) }
	web := `"selector":{"matchLabels":{"app":"web"}}`
	for name, objects := range map[string][]string{
		"none":                    nil,
		"mesh":                    {peer("istio-system", "mesh", `{"mtls":{"mode":"STRICT"}}`)},
		"namespace":               {peer("a", "ns", `{"mtls":{"mode":"STRICT"}}`)},
		"namespace over mesh":     {peer("istio-system", "mesh", `{"mtls":{"mode":"STRICT"}}`), peer("a", "ns", `{"mtls":{"mode":"PERMISSIVE"}}`)},
		"workload, port excepted": {peer("a", "w", `{`+web+`,"mtls":{"mode":"STRICT"},"portLevelMtls":{"80":{"mode":"PERMISSIVE"}}}`)},
		"workload, port strict":   {peer("a", "w", `{`+web+`,"mtls":{"mode":"PERMISSIVE"},"portLevelMtls":{"80":{"mode":"STRICT"}}}`)},
		"workload under strict namespace": {
			peer("a", "ns", `{"mtls":{"mode":"STRICT"}}`),
			peer("a", "w", `{`+web+`,"mtls":{"mode":"STRICT"},"portLevelMtls":{"80":{"mode":"PERMISSIVE"}}}`)},
		"a selector in the root namespace": {peer("istio-system", "w", `{`+web+`,"mtls":{"mode":"STRICT"}}`)},
	} {
		c := aCase(objects...)
		loaded, _, err := loadPolicies(c.Policies)
		if err != nil {
			t.Fatal(err)
		}
		for to, pod := range c.Pods {
			merged := authn.ComposePeerAuthentication(c.RootNamespace, configsOf(loaded.configs, pod, c.RootNamespace))
			for _, port := range []uint16{80, 81} {
				mode := merged.Mode
				if perPort, ok := merged.PerPort[uint32(port)]; ok {
					mode = perPort
				}
				asked := c
				asked.Questions = []Question{{To: to, Source: 0, Port: port}, {To: to, Source: 1, Port: port}}
				answer, err := answerCase(asked)
				if err != nil {
					t.Fatal(err)
				}
				want := "11"
				if mode == model.MTLSStrict {
					want = "01"
				}
				if answer.Verdicts != want {
					t.Errorf("%s, %s port %d is %s: got %s", name, pod.key(), port, mode, answer.Verdicts)
				}
			}
		}
	}
}

// configsOf are the peer authentications that istiod would compose for a pod.
func configsOf(all []*config.Config, pod Pod, root string) []*config.Config {
	var applying []*config.Config
	for _, c := range all {
		selector := c.Spec.(*v1beta1.PeerAuthentication).GetSelector().GetMatchLabels()
		if c.Namespace != pod.Namespace && c.Namespace != root {
			continue
		}
		if selector["app"] != "" && selector["app"] != pod.Labels["app"] {
			continue
		}
		applying = append(applying, c)
	}
	return applying
}

func TestNamesWhatValidationRefuses(t *testing.T) {
	answer, err := answerCase(aCase(object("AuthorizationPolicy", "a", "empty", `{"rules":[{"from":[{"source":{}}]}]}`)))
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Invalid) != 1 || answer.Invalid[0].Object != "AuthorizationPolicy a/empty" {
		t.Errorf("got %v", answer.Invalid)
	}
}

func TestRefusesQuestionsAboutUnknownEnds(t *testing.T) {
	c := aCase()
	c.Questions = []Question{{To: 9, Source: 0, Port: 80}}
	if _, err := answerCase(c); err == nil {
		t.Error("a verdict was given about a pod that does not exist")
	}
}
