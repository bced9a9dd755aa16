package main

import (
	"net/netip"
	"strings"

	"istio.io/istio/pkg/workloadapi/security"
)

// The rule by which ztunnel decides on a connection, restated: ztunnel is written in Rust and is no library. What it
// decides on, the policies as istiod sends them and which workload carries which, comes from istiod's own code.

// identity is who a client of the mesh proved to be.
type identity struct {
	trustDomain    string
	namespace      string
	serviceAccount string
}

// principal is the identity as policies write it, without the scheme.
func (i identity) principal() string {
	return i.trustDomain + "/ns/" + i.namespace + "/sa/" + i.serviceAccount
}

// connection is what ztunnel knows when it decides. The port is the pod's, also when the tunnel carried the connection.
type connection struct {
	// identity is nil for plain traffic.
	identity        *identity
	sourceIP        netip.Addr
	destinationIP   netip.Addr
	destinationPort uint16
}

// allows decides: a policy that denies and matches wins; else no policy that allows means open; else one must match.
// A dry-run policy is only logged.
func allows(policies []*security.Authorization, c connection) bool {
	hasAllow, isAllowed := false, false
	for _, policy := range policies {
		if policy.DryRun {
			continue
		}
		switch policy.Action {
		case security.Action_DENY:
			if matches(policy, c) {
				return false
			}
		default:
			hasAllow = true
			isAllowed = isAllowed || matches(policy, c)
		}
	}
	return isAllowed || !hasAllow
}

// matches is true when any group does; a policy without groups never matches.
func matches(policy *security.Authorization, c connection) bool {
	for _, group := range policy.Groups {
		if groupMatches(group, c) {
			return true
		}
	}
	return false
}

// groupMatches is true when every clause does, so also when there is none.
func groupMatches(group *security.Group, c connection) bool {
	for _, clause := range group.Rules {
		if !clauseMatches(clause.Matches, c) {
			return false
		}
	}
	return true
}

// clauseMatches is true when any alternative does, or when there is none. An alternative that states nothing is skipped.
func clauseMatches(alternatives []*security.Match, c connection) bool {
	if len(alternatives) == 0 {
		return true
	}
	for _, alternative := range alternatives {
		if statesAnything(alternative) && matchMatches(alternative, c) {
			return true
		}
	}
	return false
}

func statesAnything(m *security.Match) bool {
	return len(m.Namespaces)+len(m.NotNamespaces)+
		len(m.ServiceAccounts)+len(m.NotServiceAccounts)+
		len(m.Principals)+len(m.NotPrincipals)+
		len(m.SourceIps)+len(m.NotSourceIps)+
		len(m.DestinationIps)+len(m.NotDestinationIps)+
		len(m.DestinationPorts)+len(m.NotDestinationPorts) > 0
}

func matchMatches(m *security.Match, c connection) bool {
	isIn := func(ip netip.Addr) func(*security.Address) bool {
		return func(a *security.Address) bool { return contains(a, ip) }
	}
	isPort := func(port uint32) bool { return uint16(port) == c.destinationPort }
	isAccount := func(account *security.ServiceAccountMatch) bool {
		return c.identity != nil &&
			account.Namespace == c.identity.namespace && account.ServiceAccount == c.identity.serviceAccount
	}
	isPrincipal := func(s *security.StringMatch) bool {
		return c.identity != nil && stringMatches(s, c.identity.principal())
	}
	isNamespace := func(s *security.StringMatch) bool {
		namespace := ""
		if c.identity != nil {
			namespace = c.identity.namespace
		}
		return stringMatches(s, namespace)
	}
	return holds(m.DestinationIps, m.NotDestinationIps, isIn(c.destinationIP)) &&
		holds(m.SourceIps, m.NotSourceIps, isIn(c.sourceIP)) &&
		holds(m.DestinationPorts, m.NotDestinationPorts, isPort) &&
		holds(m.ServiceAccounts, m.NotServiceAccounts, isAccount) &&
		holds(m.Principals, m.NotPrincipals, isPrincipal) &&
		holds(m.Namespaces, m.NotNamespaces, isNamespace)
}

// holds is true when one of the wanted values fits, or none is wanted, and none of the unwanted ones does.
func holds[T any](wanted, unwanted []T, fits func(T) bool) bool {
	return (len(wanted) == 0 || anyOf(wanted, fits)) && !anyOf(unwanted, fits)
}

func anyOf[T any](values []T, fits func(T) bool) bool {
	for _, value := range values {
		if fits(value) {
			return true
		}
	}
	return false
}

func stringMatches(s *security.StringMatch, value string) bool {
	switch m := s.MatchType.(type) {
	case *security.StringMatch_Exact:
		return value == m.Exact
	case *security.StringMatch_Prefix:
		return strings.HasPrefix(value, m.Prefix)
	case *security.StringMatch_Suffix:
		return strings.HasSuffix(value, m.Suffix)
	case *security.StringMatch_Presence:
		return value != ""
	}
	return false
}

func contains(a *security.Address, ip netip.Addr) bool {
	address, ok := netip.AddrFromSlice(a.Address)
	if !ok {
		return false
	}
	prefix, err := address.Prefix(int(a.Length))
	return err == nil && prefix.Contains(ip)
}
