module lattice.dev/lab/tools/sources

go 1.26

require (
	github.com/cilium/cilium v1.20.2
	github.com/external-secrets/external-secrets v0.19.2
	github.com/stefanprodan/podinfo v1.8.1-0.20250910200901-e86405a8674e
	istio.io/api v1.31.4
	sigs.k8s.io/kwok v0.8.0
)
