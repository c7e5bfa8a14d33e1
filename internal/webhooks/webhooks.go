package webhooks

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Manage is the permission to say who is told what.
const Manage = "webhooks.manage"

// Permissions are those of this package, for the matrix.
var Permissions = []authz.Permission{{
	ID: Manage, Label: "webhooks.permission.manage",
	Default: map[authz.Role]authz.Level{authz.Administrator: authz.All},
}}

// Readers tells what somebody with a role may know of the journal.
type Readers interface {
	// Admit refuses a role that may not read the journal, or that may do more
	// than the actor.
	Admit(ctx context.Context, role authz.Role) error
	// Tell gives entries as a reader with the role is told them; none if the
	// role may not read the journal any more.
	Tell(ctx context.Context, role authz.Role, entries []journal.Record) ([]journal.Record, error)
}

// Deps are what the service needs.
type Deps struct {
	DB      *db.DB
	Jobs    *jobs.Runner
	Readers Readers
	// Kinds are the kinds of entries a choice stands for: a kind, or a module.
	Kinds        func(choice string) []string
	AllowPrivate bool // addresses of this machine and of private networks
	Logger       *slog.Logger
}

// Service keeps endpoints and tells them; safe for concurrent use.
type Service struct {
	db           *db.DB
	clock        clock.Clock
	jobs         *jobs.Runner
	readers      Readers
	kinds        func(string) []string
	feed         *journal.Feed
	allowPrivate bool
	client       *http.Client
	log          *slog.Logger
}

var (
	feedEndpoints   = jobs.Define[struct{}]("webhooks.feed", jobs.Options{Title: "jobs.kind.webhooks-feed", Timeout: 5 * time.Minute})
	deliverWaiting  = jobs.Define[line]("webhooks.deliver", jobs.Options{Title: "jobs.kind.webhooks-deliver", Timeout: 10 * time.Minute, Unique: true})
	sweepDeliveries = jobs.Define[struct{}]("webhooks.sweep", jobs.Options{Title: "jobs.kind.webhooks-sweep", Timeout: 10 * time.Minute})
)

// line is whose deliveries a job sends.
type line struct {
	Endpoint int64 `json:"endpoint"`
}

// New makes the service and gives the runner its work.
func New(d Deps) (*Service, error) {
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		db: d.DB, clock: d.DB.Clock(), jobs: d.Jobs, readers: d.Readers, kinds: d.Kinds, feed: journal.NewFeed(d.DB),
		allowPrivate: d.AllowPrivate, log: d.Logger,
	}
	s.client = newClient(d.AllowPrivate)
	return s, errors.Join(
		feedEndpoints.Handle(d.Jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error { return s.follow(ctx) }),
		feedEndpoints.Schedule(d.Jobs, jobs.Every(time.Minute), struct{}{}),
		deliverWaiting.Handle(d.Jobs, func(ctx context.Context, job jobs.Job[line]) error { return s.work(ctx, job.Args.Endpoint) }),
		sweepDeliveries.Handle(d.Jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error { return s.sweep(ctx) }),
		sweepDeliveries.Schedule(d.Jobs, jobs.Daily(3, 50), struct{}{}),
	)
}
