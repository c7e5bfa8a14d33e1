package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/crypto/acme/autocert"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/live"
	"kartoteka.dev/internal/platform/web"
)

// serving are the flags of serve and demo.
type serving struct {
	Addr           string   `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	PublicURL      string   `help:"Address people use in their browser, for links in e-mails." placeholder:"https://…"`
	TLSCert        string   `help:"Certificate file; with --tls-key." placeholder:"FILE" type:"existingfile"`
	TLSKey         string   `help:"Key file of the certificate." placeholder:"FILE" type:"existingfile"`
	ACMEDomains    []string `help:"Get certificates for these domains by ACME; listen on :443." placeholder:"DOMAIN"`
	APIPerMinute   int      `name:"api-per-minute" help:"Requests a token may make in a minute." default:"600" placeholder:"N"`
	TrustedProxies []string `help:"Addresses of proxies whose X-Forwarded-For is believed." placeholder:"CIDR"`
}

type serveCommand struct{ serving }

// Run serves until it is asked to stop.
func (s *serveCommand) Run(ctx context.Context, o *Options, streams Streams) error {
	c, err := openCompany(ctx, o, streams)
	if err != nil {
		return err
	}
	defer c.close(context.WithoutCancel(ctx))
	return s.serve(ctx, o, c, func(address string) {
		_, _ = fmt.Fprintf(streams.Err, "Kartoteka is ready at %s\n", address)
	})
}

// stopWithin is how long requests and jobs may take to finish after a signal.
const stopWithin = 20 * time.Second

// serve runs everything there is to run, and stops it in reverse when ctx
// ends: no new requests, the running ones finish, then the jobs, then the live
// streams.
func (s *serving) serve(ctx context.Context, o *Options, c *company, ready func(address string)) error {
	trusted, err := prefixes(s.TrustedProxies)
	if err != nil {
		return err
	}
	hubCtx, stopHub := context.WithCancel(context.WithoutCancel(ctx))
	var hubDone sync.WaitGroup
	hub := live.NewHub(c.db, c.log, c.jobs.Node())
	hubDone.Go(func() { hub.Run(hubCtx) })
	hubDone.Go(func() { c.webhooks.Run(hubCtx) })
	defer hubDone.Wait()
	defer stopHub()

	if err := c.jobs.Start(ctx); err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		if err := c.jobs.Stop(stopping); err != nil {
			c.log.WarnContext(ctx, "stopping jobs", "error", err.Error())
		}
	}()

	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	c.measure(registry, hub)
	handler := c.mount(web.Config{
		Log: c.log, Clock: clock.System, Metrics: registry, Version: Version(),
		TrustedNets: trusted, PublicURL: s.PublicURL,
	}, hub, registry, s.APIPerMinute)

	c.remember(ctx)
	listener, scheme, err := s.listen(ctx, o)
	if err != nil {
		return err
	}
	server := handler.HTTP()
	server.RegisterOnShutdown(stopHub) // ends the live streams, which would hold the shutdown up
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	ready(s.address(scheme, listener.Addr()))
	select {
	case err := <-failed:
		return fmt.Errorf("the server stopped: %w", err)
	case <-ctx.Done():
	}
	c.log.InfoContext(ctx, "stopping: running requests may finish")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("some requests did not finish: %w", err)
	}
	return nil
}

// listen opens the address, with TLS if there are certificates.
func (s *serving) listen(ctx context.Context, o *Options) (net.Listener, string, error) {
	var config *tls.Config
	switch {
	case len(s.ACMEDomains) > 0:
		manager := &autocert.Manager{
			Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(s.ACMEDomains...),
			Cache: autocert.DirCache(filepath.Join(o.Data, "certificates")),
		}
		config = manager.TLSConfig()
	case s.TLSCert != "" && s.TLSKey != "":
		pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
		if err != nil {
			return nil, "", fmt.Errorf("the certificate cannot be used: %w", err)
		}
		config = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	case s.TLSCert != "" || s.TLSKey != "":
		return nil, "", errors.New("--tls-cert and --tls-key belong together")
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return nil, "", fmt.Errorf("cannot listen on %s (is another Kartoteka running? choose another with --addr): %w", s.Addr, err)
	}
	if config == nil {
		return l, "http", nil
	}
	config.MinVersion = tls.VersionTLS12
	return tls.NewListener(l, config), "https", nil
}

func (s *serving) address(scheme string, a net.Addr) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	return scheme + "://" + a.String()
}

func prefixes(words []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, w := range words {
		if a, err := netip.ParseAddr(w); err == nil {
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(w)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: %q is neither an address nor a range such as 10.0.0.0/8", w)
		}
		all = append(all, p)
	}
	return all, nil
}
