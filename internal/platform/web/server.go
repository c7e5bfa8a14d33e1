package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/page"
)

// Identity is who makes a request and how they like to read.
type Identity struct {
	Actor   authz.Actor
	Locale  i18n.Locale
	Theme   string // "light", "dark" or "" for the system's
	Density string // "compact" or ""
}

// Help is what the company tells people when something fails.
type Help struct {
	Text string
	Link string
}

// Lock is the maintenance lock: while it is on, only who exchanges the access
// code for a pass gets in.
type Lock struct {
	On      bool
	Message string
	Pass    func(ctx context.Context, code string) (pass string, err error)
	Holds   func(ctx context.Context, pass string) bool
}

// Config is what app tells the web about the rest of the program.
type Config struct {
	Routes  []Route
	Log     *slog.Logger
	Clock   clock.Clock
	Metrics prometheus.Registerer
	Version string

	// Identify finds who makes the request; an anonymous actor is no error.
	Identify func(r *http.Request) (Identity, error)
	// Furnish fills in what stands around every page for the person in the
	// context: menu, company, who is signed in.
	Furnish func(ctx context.Context, r *http.Request, p *page.Page)
	// Help gives the text and link for failures; it must work without the
	// database.
	Help func(ctx context.Context) Help
	// Lock tells whether the company is being worked on.
	Lock func(ctx context.Context) Lock
	// SetUp tells whether the guided first run is done; until then every page
	// leads to it.
	SetUp func(ctx context.Context) bool

	SignInPath  string
	PublicURL   string // address people use, for links in e-mails; empty: the request's
	SetupPath   string
	TrustedNets []netip.Prefix // proxies whose X-Forwarded-… headers are believed
	MaxBody     int64          // bytes of a form; routes that take files set their own limit
}

// Server answers requests.
type Server struct {
	Config
	mux     *http.ServeMux
	handler http.Handler
	metrics metrics
}

// DefaultMaxBody is the largest form taken when Config.MaxBody is 0.
const DefaultMaxBody = 2 << 20

// New builds the server from its routes.
func New(c Config) *Server {
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	s := &Server{Config: c, mux: http.NewServeMux(), metrics: newMetrics(c.Metrics)}
	for _, r := range c.Routes {
		s.mux.Handle(r.Method+" "+r.Path, s.handle(r))
	}
	s.mux.Handle("/", s.handle(Route{Public: true, Handler: noSuchPage}))
	s.handler = s.chain(s.mux)
	return s
}

// Mount adds a handler that brings its own protocol (assets, API, metrics)
// under a pattern; it gets the same middleware but no page failures.
func (s *Server) Mount(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// HTTP is a net/http server around s with limits that keep slow or hostile
// clients from holding it: streams set their own write deadline.
func (s *Server) HTTP() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute, // large uploads over slow lines
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
}
