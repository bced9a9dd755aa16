{{- define "redis.fullname" -}}
{{- if contains "redis" .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-redis" .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "redis.serviceAccountName" -}}
{{- default (include "redis.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "redis.selectorLabels" -}}
app: redis
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "redis.labels" -}}
{{ include "redis.selectorLabels" . }}
app.kubernetes.io/name: redis
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "redis.secretName" -}}
{{- default (include "redis.fullname" .) .Values.auth.existingSecret -}}
{{- end -}}

{{- define "redis.secretKey" -}}
{{- if .Values.auth.existingSecret -}}
{{- .Values.auth.existingSecretPasswordKey -}}
{{- else -}}
redis-password
{{- end -}}
{{- end -}}

{{- /* Redis without a password, although one was asked for, must never run. */ -}}
{{- define "redis.requirePassword" -}}
{{- if and .Values.auth.enabled (not .Values.auth.password) (not .Values.auth.existingSecret) -}}
{{- fail "auth.enabled needs auth.password or auth.existingSecret" -}}
{{- end -}}
{{- end -}}
