package main

import (
	"net/netip"
	"testing"

	"istio.io/istio/pkg/workloadapi/security"
)

// The facts of ztunnel's own unit tests (src/rbac.rs and src/state.rs), on which the restated rule has to agree.

type (
	match  = security.Match
	clause = []*match
	group  = []clause
	texts  = []*security.StringMatch
)

func aPolicy(action security.Action, groups ...group) *security.Authorization {
	policy := &security.Authorization{Namespace: "ns", Name: "policy", Action: action}
	for _, clauses := range groups {
		g := &security.Group{}
		for _, alternatives := range clauses {
			g.Rules = append(g.Rules, &security.Rules{Matches: alternatives})
		}
		policy.Groups = append(policy.Groups, g)
	}
	return policy
}

func exact(s string) *security.StringMatch {
	return &security.StringMatch{MatchType: &security.StringMatch_Exact{Exact: s}}
}
func prefix(s string) *security.StringMatch {
	return &security.StringMatch{MatchType: &security.StringMatch_Prefix{Prefix: s}}
}
func suffix(s string) *security.StringMatch {
	return &security.StringMatch{MatchType: &security.StringMatch_Suffix{Suffix: s}}
}
func present() *security.StringMatch {
	return &security.StringMatch{MatchType: &security.StringMatch_Presence{}}
}
func address(ip string, length uint32) *security.Address {
	return &security.Address{Address: netip.MustParseAddr(ip).AsSlice(), Length: length}
}

func aConnection(who *identity, port uint16) connection {
	return connection{
		identity:        who,
		sourceIP:        netip.MustParseAddr("127.0.0.1"),
		destinationIP:   netip.MustParseAddr("127.0.0.2"),
		destinationPort: port,
	}
}

func of(namespace, account string) *identity {
	return &identity{trustDomain: "td", namespace: namespace, serviceAccount: account}
}

func TestEmptyParts(t *testing.T) {
	plain := aConnection(nil, 8080)
	for name, test := range map[string]struct {
		policy *security.Authorization
		want   bool
	}{
		"no groups never match":                    {aPolicy(security.Action_ALLOW), false},
		"a group without clauses matches":          {aPolicy(security.Action_ALLOW, group{}), true},
		"a clause without alternatives matches":    {aPolicy(security.Action_ALLOW, group{clause{}}), true},
		"an alternative that states nothing never": {aPolicy(security.Action_ALLOW, group{clause{{}}}), false},
		"one that states nothing is only skipped": {
			aPolicy(security.Action_ALLOW, group{clause{{}, {DestinationPorts: []uint32{8080}}}}), true},
	} {
		if got := matches(test.policy, plain); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestNesting(t *testing.T) {
	both := aPolicy(security.Action_ALLOW, group{
		clause{{Namespaces: texts{exact("a")}}, {Namespaces: texts{exact("b")}}},
		clause{{DestinationPorts: []uint32{80}}},
	})
	either := aPolicy(security.Action_ALLOW,
		group{clause{{Namespaces: texts{exact("a")}}}},
		group{clause{{Namespaces: texts{exact("b")}}}},
	)
	for name, test := range map[string]struct {
		policy *security.Authorization
		c      connection
		want   bool
	}{
		"first alternative and port":     {both, aConnection(of("a", "x"), 80), true},
		"second alternative and port":    {both, aConnection(of("b", "x"), 80), true},
		"no alternative":                 {both, aConnection(of("c", "x"), 80), false},
		"alternative, but another port":  {both, aConnection(of("b", "x"), 81), false},
		"first group":                    {either, aConnection(of("a", "x"), 81), true},
		"second group":                   {either, aConnection(of("b", "x"), 81), true},
		"neither group":                  {either, aConnection(of("c", "x"), 81), false},
		"all fields of one match and-ed": {aPolicy(security.Action_ALLOW, group{clause{{Namespaces: texts{exact("a")}, DestinationPorts: []uint32{80}}}}), aConnection(of("a", "x"), 81), false},
	} {
		if got := matches(test.policy, test.c); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// Three connections, as in ztunnel's tests: plain, a client of the mesh, and another client at another address.
func threeConnections() [3]connection {
	other := connection{
		identity:        &identity{trustDomain: "td-alt", namespace: "ns-alt", serviceAccount: "sa-alt"},
		sourceIP:        netip.MustParseAddr("127.0.0.3"),
		destinationIP:   netip.MustParseAddr("127.0.0.4"),
		destinationPort: 9090,
	}
	return [3]connection{aConnection(nil, 8080), aConnection(of("namespace", "account"), 8080), other}
}

func TestFields(t *testing.T) {
	principal := texts{exact("td/ns/namespace/sa/account")}
	accounts := []*security.ServiceAccountMatch{{Namespace: "namespace", ServiceAccount: "account"}}
	for name, test := range map[string]struct {
		m    *match
		want [3]bool
	}{
		"namespaces":          {&match{Namespaces: texts{exact("namespace")}}, [3]bool{false, true, false}},
		"notNamespaces":       {&match{NotNamespaces: texts{exact("namespace")}}, [3]bool{true, false, true}},
		"serviceAccounts":     {&match{ServiceAccounts: accounts}, [3]bool{false, true, false}},
		"notServiceAccounts":  {&match{NotServiceAccounts: accounts}, [3]bool{true, false, true}},
		"principals":          {&match{Principals: principal}, [3]bool{false, true, false}},
		"notPrincipals":       {&match{NotPrincipals: principal}, [3]bool{true, false, true}},
		"any principal":       {&match{Principals: texts{present()}}, [3]bool{false, true, true}},
		"notPrincipals any":   {&match{NotPrincipals: texts{present()}}, [3]bool{true, false, false}},
		"prefix of principal": {&match{Principals: texts{prefix("td/ns/namespace/sa/")}}, [3]bool{false, true, false}},
		"suffix of principal": {&match{Principals: texts{suffix("/sa/account")}}, [3]bool{false, true, false}},
		"empty prefix, plain": {&match{Principals: texts{prefix("")}}, [3]bool{false, true, true}},
		"with the scheme":     {&match{Principals: texts{exact("spiffe://td/ns/namespace/sa/account")}}, [3]bool{false, false, false}},
		"sourceIps":           {&match{SourceIps: []*security.Address{address("127.0.0.1", 32)}}, [3]bool{true, true, false}},
		"notSourceIps":        {&match{NotSourceIps: []*security.Address{address("127.0.0.1", 32)}}, [3]bool{false, false, true}},
		"destinationIps":      {&match{DestinationIps: []*security.Address{address("127.0.0.2", 32)}}, [3]bool{true, true, false}},
		"notDestinationIps":   {&match{NotDestinationIps: []*security.Address{address("127.0.0.2", 32)}}, [3]bool{false, false, true}},
		"a range of addresses": {&match{DestinationIps: []*security.Address{address("127.0.0.1", 24)}},
			[3]bool{true, true, true}},
		"destinationPorts":    {&match{DestinationPorts: []uint32{8080}}, [3]bool{true, true, false}},
		"notDestinationPorts": {&match{NotDestinationPorts: []uint32{8080}}, [3]bool{false, false, true}},
	} {
		for i, c := range threeConnections() {
			if got := matches(aPolicy(security.Action_ALLOW, group{clause{test.m}}), c); got != test.want[i] {
				t.Errorf("%s, connection %d: got %v", name, i, got)
			}
		}
	}
}

func TestStringMatch(t *testing.T) {
	for _, test := range []struct {
		m     *security.StringMatch
		value string
		want  bool
	}{
		{exact("foo"), "foo", true}, {exact("foo"), "not", false}, {exact("foo"), "", false},
		{prefix("foo"), "foobar", true}, {prefix("foo"), "notfoo", false}, {prefix("foo"), "", false},
		{suffix("foo"), "barfoo", true}, {suffix("foo"), "foonot", false}, {suffix("foo"), "", false},
		{present(), "foo", true}, {present(), "", false}, {&security.StringMatch{}, "foo", false},
	} {
		if got := stringMatches(test.m, test.value); got != test.want {
			t.Errorf("%v on %q: got %v", test.m, test.value, got)
		}
	}
}

// The order of https://istio.io/latest/docs/reference/config/security/authorization-policy/, without CUSTOM.
func TestDenyBeforeAllow(t *testing.T) {
	from := func(action security.Action, account string) *security.Authorization {
		return aPolicy(action, group{clause{{Principals: texts{exact("td/ns/default/sa/" + account)}}}})
	}
	dryRun := from(security.Action_DENY, "good")
	dryRun.DryRun = true
	dryAllow := from(security.Action_ALLOW, "good")
	dryAllow.DryRun = true
	for name, test := range map[string]struct {
		policies []*security.Authorization
		account  string
		want     bool
	}{
		"nothing applies":                {nil, "good", true},
		"a deny that does not match":     {[]*security.Authorization{from(security.Action_DENY, "bad")}, "good", true},
		"a deny that matches":            {[]*security.Authorization{from(security.Action_DENY, "bad")}, "bad", false},
		"an allow that matches":          {[]*security.Authorization{from(security.Action_ALLOW, "good")}, "good", true},
		"an allow that does not match":   {[]*security.Authorization{from(security.Action_ALLOW, "good")}, "other", false},
		"one of two allows matches":      {[]*security.Authorization{from(security.Action_ALLOW, "x"), from(security.Action_ALLOW, "good")}, "good", true},
		"deny wins over allow":           {[]*security.Authorization{from(security.Action_ALLOW, "good"), from(security.Action_DENY, "good")}, "good", false},
		"an allow of nothing closes":     {[]*security.Authorization{aPolicy(security.Action_ALLOW)}, "good", false},
		"a deny of nothing is inert":     {[]*security.Authorization{aPolicy(security.Action_DENY)}, "good", true},
		"a dry-run deny is only logged":  {[]*security.Authorization{dryRun}, "good", true},
		"a dry-run allow closes nothing": {[]*security.Authorization{dryAllow}, "other", true},
	} {
		if got := allows(test.policies, aConnection(of("default", test.account), 80)); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
