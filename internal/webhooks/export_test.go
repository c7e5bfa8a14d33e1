package webhooks

import (
	"context"
	"net/http"
	"net/netip"
)

// Follow adds deliveries for what is new, as the job does.
func (s *Service) Follow(ctx context.Context) error { return s.follow(ctx) }

// Work sends what waits for an endpoint, as the job does.
func (s *Service) Work(ctx context.Context, id int64) error { return s.work(ctx, id) }

// Sweep forgets what was told long ago, as the job does.
func (s *Service) Sweep(ctx context.Context) error { return s.sweep(ctx) }

// Public tells whether an address belongs to the internet at large.
func Public(a netip.Addr) bool { return public(a) }

// Client is what calls addresses of others.
func Client(allowPrivate bool) *http.Client { return newClient(allowPrivate) }

// ErrPrivate is a connection that was refused.
var ErrPrivate = errPrivate
