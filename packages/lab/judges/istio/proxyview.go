package main

import (
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"

	meshconfig "istio.io/api/mesh/v1alpha1"
	networkingclient "istio.io/client-go/pkg/apis/networking/v1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/ambient"
	"istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/workloadapi/security"
)

const syncDeadline = 30 * time.Second

// proxyView is what istiod sends to ztunnel about a world: every policy, and which of them each workload carries.
type proxyView struct {
	byKey map[string]*security.Authorization
	// attached holds, for each pod, the keys of the policies that its workload refers to.
	attached map[string][]string
	// scoped holds the policies that hold without being attached: of a namespace, or of the mesh under "".
	scoped map[string][]*security.Authorization
}

var errNotSynced = errors.New("istiod's collections did not settle in time")

// buildProxyView runs istiod's own ambient collections over the objects of a world.
func buildProxyView(c Case, p policies) (*proxyView, error) {
	stop := make(chan struct{})
	defer close(stop)
	opts := krt.NewOptionsBuilder(stop, "judge", nil)
	mesh := krt.NewStatic(&ambient.MeshConfig{MeshConfig: &meshconfig.MeshConfig{
		TrustDomain:   c.TrustDomain,
		RootNamespace: c.RootNamespace,
	}}, true, opts.WithName("MeshConfig")...)
	peerAuths := static(opts, "PeerAuthentications", p.peerAuthentication)
	waypoints := static[ambient.Waypoint](opts, "Waypoints", nil)
	namespaces := static(opts, "Namespaces", namespaceObjects(c.Namespaces))
	attachable, all := ambient.PolicyCollections(
		static(opts, "AuthorizationPolicies", p.authorization), peerAuths, mesh, waypoints, opts, ambient.FeatureFlags{})
	workloads := builderFor(c, namespaces, opts).WorkloadsCollection(
		static(opts, "Pods", podObjects(c.Pods)),
		static[ambient.Node](opts, "Nodes", nil),
		mesh, attachable, peerAuths, waypoints,
		static[model.ServiceInfo](opts, "Services", nil),
		static[*networkingclient.WorkloadEntry](opts, "WorkloadEntries", nil),
		static[*networkingclient.ServiceEntry](opts, "ServiceEntries", nil),
		static[*discoveryv1.EndpointSlice](opts, "EndpointSlices", nil),
		namespaces, opts)
	deadline := make(chan struct{})
	timer := time.AfterFunc(syncDeadline, func() { close(deadline) })
	defer timer.Stop()
	if !all.WaitUntilSynced(deadline) || !workloads.WaitUntilSynced(deadline) {
		return nil, errNotSynced
	}
	return newProxyView(all.List(), workloads.List()), nil
}

func newProxyView(all []model.WorkloadAuthorization, workloads []model.WorkloadInfo) *proxyView {
	view := &proxyView{
		byKey:    map[string]*security.Authorization{},
		attached: map[string][]string{},
		scoped:   map[string][]*security.Authorization{},
	}
	for _, policy := range all {
		authorization := policy.Authorization
		if authorization == nil {
			continue // Only carries the reason why ztunnel gets nothing.
		}
		view.byKey[authorization.Namespace+"/"+authorization.Name] = authorization
		switch authorization.Scope {
		case security.Scope_GLOBAL:
			view.scoped[""] = append(view.scoped[""], authorization)
		case security.Scope_NAMESPACE:
			view.scoped[authorization.Namespace] = append(view.scoped[authorization.Namespace], authorization)
		}
	}
	for _, workload := range workloads {
		view.attached[workload.Workload.Namespace+"/"+workload.Workload.Name] = workload.Workload.AuthorizationPolicies
	}
	return view
}

// allows decides on a connection to a pod with all policies that hold there.
func (v *proxyView) allows(pod Pod, c connection) bool {
	applying := append(append([]*security.Authorization{}, v.scoped[pod.Namespace]...), v.scoped[""]...)
	for _, key := range v.attached[pod.key()] {
		if policy, ok := v.byKey[key]; ok {
			applying = append(applying, policy)
		}
	}
	return allows(applying, c)
}

func builderFor(c Case, namespaces krt.Collection[*corev1.Namespace], opts krt.OptionsBuilder) ambient.Builder {
	id := cluster.ID(c.ClusterName)
	gateways := static[*gatewayv1.Gateway](opts, "Gateways", nil)
	return ambient.Builder{
		DomainSuffix: "cluster.local",
		ClusterID:    id,
		Networks: ambient.BuildNetworkCollections(namespaces, gateways,
			ambient.Options{SystemNamespace: c.RootNamespace, ClusterID: id}, opts),
	}
}

func static[T any](opts krt.OptionsBuilder, name string, values []T) krt.Collection[T] {
	return krt.NewStaticCollection(nil, values, opts.WithName(name)...)
}

func namespaceObjects(namespaces []Namespace) []*corev1.Namespace {
	objects := make([]*corev1.Namespace, 0, len(namespaces))
	for _, namespace := range namespaces {
		objects = append(objects, &corev1.Namespace{
			ObjectMeta: metav1.ObjectMeta{Name: namespace.Name, Labels: namespace.Labels},
		})
	}
	return objects
}

func podObjects(pods []Pod) []*corev1.Pod {
	objects := make([]*corev1.Pod, 0, len(pods))
	for _, pod := range pods {
		objects = append(objects, &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name, Labels: pod.Labels},
			Spec:       corev1.PodSpec{ServiceAccountName: pod.ServiceAccount},
			Status: corev1.PodStatus{
				Phase:      corev1.PodRunning,
				PodIP:      pod.IP.String(),
				PodIPs:     []corev1.PodIP{{IP: pod.IP.String()}},
				Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
			},
		})
	}
	return objects
}
