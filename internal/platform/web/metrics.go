package web

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests *prometheus.HistogramVec
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "kartoteka_http_request_seconds",
		Help:    "How long requests took, by route and status.",
		Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10},
	}, []string{"route", "status"})}
	if r != nil {
		r.MustRegister(m.requests)
	}
	return m
}

func (m metrics) request(pattern string, status int, seconds float64) {
	if pattern == "" {
		pattern = "other"
	}
	m.requests.WithLabelValues(pattern, strconv.Itoa(status)).Observe(seconds)
}
