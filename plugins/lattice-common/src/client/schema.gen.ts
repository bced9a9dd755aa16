/* eslint-disable */
// Generated from openApiDocument.ts by `yarn generate:openapi`. Do not edit.

export interface paths {
    "/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The clusters, and how good the view of each is. */
        get: operations["listClusters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Whether the plugin runs and how fresh each cluster is. Needs no sign-in, names no cluster, and stays 200 when a cluster is away. */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Mesh members that the caller may see. */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/members/{cluster}/{namespace}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One member. One that is missing and one that the caller may not see answer alike. */
        get: operations["getMember"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Packages that the caller may see. */
        get: operations["listPackages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/packages/{cluster}/{namespace}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One package. One that is missing and one that the caller may not see answer alike. */
        get: operations["getPackage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The clusters. */
        ClusterList: {
            items: components["schemas"]["ClusterRow"][];
            note?: string;
        };
        /** @description How good one cluster’s answer is. */
        ClusterResult: {
            cluster: string;
            complete: boolean;
            error?: string;
            /** Format: date-time */
            lastSeenAt?: string;
            /** @enum {string} */
            mode: "observe" | "reconcile";
            revision: number;
        };
        /** @description One cluster: how good the answers about it are, and how it is set up. */
        ClusterRow: {
            cluster: string;
            complete: boolean;
            error?: string;
            /** Format: date-time */
            lastSeenAt?: string;
            /** @enum {string} */
            mode: "observe" | "reconcile";
            revision: number;
            setUp?: components["schemas"]["ClusterSetUp"];
        };
        /** @description How a cluster is set up, as far as it says so itself. */
        ClusterSetUp: {
            clusterName?: string;
            definitions: string[];
            differences: string[];
            /** @description Which engines serve their kinds. */
            engines: {
                cilium: boolean;
                externalSecrets: boolean;
                istio: boolean;
            };
            isPolicyAudited?: boolean;
            policyEnforcement?: string;
            rootNamespace?: string;
            serverVersion?: string;
            trustDomain?: string;
        };
        /** @description One condition of a status, as in metav1.Condition. */
        Condition: {
            lastTransitionTime: string;
            message: string;
            observedGeneration?: number;
            reason: string;
            /** @enum {string} */
            status: "True" | "False" | "Unknown";
            type: string;
        };
        /** @description One agreement, seen from a member. The far side is named only as the near side wrote it. */
        EdgeView: {
            callee: components["schemas"]["ObjectKey"];
            caller: components["schemas"]["ObjectKey"];
            /** @enum {string} */
            direction: "inbound" | "outbound";
            reason: string;
            since?: string;
            /** @enum {string} */
            state: "enforced" | "agreed" | "halfCaller" | "halfCallee" | "refused" | "unknown";
        };
        Error: {
            error: {
                message: string;
                name: string;
            };
            request?: {
                method?: string;
                url?: string;
            };
            response: {
                statusCode: number;
            };
        };
        /** @description Health of the plugin. Counts only: it is readable without sign-in. */
        Health: {
            /** @description How many clusters are configured, and of how many the view is complete. */
            clusters: {
                complete: number;
                configured: number;
            };
            /** Format: date-time */
            oldestSeenAt?: string;
            /** @enum {string} */
            status: "ok";
        };
        /** @description One object, and how good its cluster’s answer is. */
        MemberAnswer: {
            cluster: components["schemas"]["ClusterResult"];
            item: components["schemas"]["MemberDetail"];
        };
        /** @description Whole picture of one member. */
        MemberDetail: {
            ambient: boolean;
            cluster: string;
            conditions: components["schemas"]["Condition"][];
            edges: components["schemas"]["EdgeView"][];
            enforcedEdges: number;
            /** @enum {string} */
            kind: "LatticeMeshMember" | "LatticeService";
            message?: string;
            name: string;
            namespace: string;
            openEdges: number;
            owner?: string;
            phase: string;
            policies: components["schemas"]["MemberPolicy"][];
            ports: components["schemas"]["MemberPort"][];
            serviceAccount: string;
            source?: string;
            target: components["schemas"]["MemberTarget"];
        };
        /** @description The objects that the caller may see, and how good each cluster’s part of the answer is. */
        MemberList: {
            clusters: components["schemas"]["ClusterResult"][];
            items: components["schemas"]["MemberSummary"][];
            note?: string;
        };
        /** @description A generated policy, as YAML. */
        MemberPolicy: {
            kind: string;
            name: string;
            yaml: string;
        };
        /** @description A port of a member. */
        MemberPort: {
            name: string;
            /** @enum {string} */
            peerAuth: "Strict" | "Permissive" | "Webhook";
            port: number;
            /** @enum {string} */
            protocol: "TCP" | "UDP";
            servicePort: number;
        };
        /** @description Row of the member list. */
        MemberSummary: {
            ambient: boolean;
            cluster: string;
            enforcedEdges: number;
            /** @enum {string} */
            kind: "LatticeMeshMember" | "LatticeService";
            message?: string;
            name: string;
            namespace: string;
            openEdges: number;
            owner?: string;
            phase: string;
            ports: components["schemas"]["MemberPort"][];
        };
        /** @description What a member selects: pods by labels, or its namespace. */
        MemberTarget: {
            selector: {
                [key: string]: string;
            };
        } | {
            namespace: string;
        };
        /** @description Identity of a namespaced object within one cluster. */
        ObjectKey: {
            name: string;
            namespace: string;
        };
        /** @description One object, and how good its cluster’s answer is. */
        PackageAnswer: {
            cluster: components["schemas"]["ClusterResult"];
            item: components["schemas"]["PackageDetail"];
        };
        /** @description Whole picture of one package. */
        PackageDetail: {
            chart: string;
            cluster: string;
            conditions: components["schemas"]["Condition"][];
            /** Format: date-time */
            createdAt?: string;
            history: components["schemas"]["PackageHistoryEntry"][];
            members: components["schemas"]["ObjectKey"][];
            message?: string;
            name: string;
            namespace: string;
            objects: components["schemas"]["PackageObject"][];
            owner?: string;
            /** @enum {string} */
            phase: "Pending" | "Progressing" | "Ready" | "Degraded" | "Failed" | "Deleting";
            repository: string;
            revision?: number;
            runningVersion?: string;
            secrets: components["schemas"]["SecretRow"][];
            source?: string;
            stages: components["schemas"]["PackageStage"][];
            suspended: boolean;
            targetNamespace: string;
            version: string;
        };
        /** @description One finished revision. */
        PackageHistoryEntry: {
            appVersion?: string;
            chart: string;
            digest?: string;
            finishedAt: string;
            revision: number;
            status: string;
            verb: string;
            version: string;
        };
        /** @description The objects that the caller may see, and how good each cluster’s part of the answer is. */
        PackageList: {
            clusters: components["schemas"]["ClusterResult"][];
            items: components["schemas"]["PackageSummary"][];
            note?: string;
        };
        /** @description An object that the release holds. */
        PackageObject: {
            kind: string;
            name: string;
            namespace?: string;
        };
        /** @description A stage as the controller walks them. */
        PackageStage: {
            message?: string;
            /** @enum {string} */
            name: "Validated" | "Authorized" | "SecretsResolved" | "DependenciesReady" | "Released" | "Healthy" | "MeshEnrolled";
            reason?: string;
            since?: string;
            /** @enum {string} */
            state: "done" | "active" | "failed" | "pending";
        };
        /** @description Row of the package list. */
        PackageSummary: {
            chart: string;
            cluster: string;
            /** Format: date-time */
            createdAt?: string;
            message?: string;
            name: string;
            namespace: string;
            owner?: string;
            /** @enum {string} */
            phase: "Pending" | "Progressing" | "Ready" | "Degraded" | "Failed" | "Deleting";
            repository: string;
            revision?: number;
            runningVersion?: string;
            suspended: boolean;
            version: string;
        };
        /** @description A secret reference, never a value. */
        SecretRow: {
            keys?: string[];
            message?: string;
            provider?: string;
            remoteKey?: string;
            resource: string;
            /** @enum {string} */
            state: "resolved" | "waiting" | "denied" | "stale";
        };
    };
    responses: {
        /** @description An error. */
        Error: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listClusters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Clusters. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClusterList"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Health. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description Only this cluster. */
                cluster?: string;
                /** @description Only this namespace. */
                namespace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Members. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
                name: string;
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The member. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberAnswer"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    listPackages: {
        parameters: {
            query?: {
                /** @description Only this cluster. */
                cluster?: string;
                /** @description Only this namespace. */
                namespace?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Packages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackageList"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
    getPackage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cluster: string;
                name: string;
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The package. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackageAnswer"];
                };
            };
            default: components["responses"]["Error"];
        };
    };
}
