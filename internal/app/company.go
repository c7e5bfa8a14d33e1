package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/backup"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/jobs"
)

// slowStatement is how long a statement may take before the log tells of it.
const slowStatement = 500 * time.Millisecond

// company is one opened store with all modules built over it: what every
// command works on.
type company struct {
	log   *slog.Logger
	db    *db.DB
	files files.Store
	jobs  *jobs.Runner
	modules

	allowPrivateWebhooks bool

	backups *backup.Service
}

// openCompany opens the store, brings it to this version and builds the
// modules.
func openCompany(ctx context.Context, o *Options, s Streams) (*company, error) {
	return openCompanyAt(ctx, o, s, clock.System)
}

// openCompanyAt is openCompany with another clock, for writing history.
func openCompanyAt(ctx context.Context, o *Options, s Streams, now clock.Clock) (*company, error) {
	c := &company{log: o.logger(s), allowPrivateWebhooks: o.AllowPrivateWebhooks}
	store := o.store()
	store.Clock = now
	store.Slow = slowStatement
	store.OnSlow = func(statement string, took time.Duration) {
		c.log.Warn("slow statement", "ms", took.Milliseconds(), "statement", fmt.Sprintf("%.300s", statement))
	}
	if store.URL == "" {
		if err := backup.Finish(o.Data); err != nil {
			return nil, err
		}
	}
	var err error
	if c.db, err = db.Open(ctx, store); err != nil {
		return nil, err
	}
	if err := c.build(ctx, o, s); err != nil {
		return nil, errors.Join(err, c.db.Close())
	}
	return c, nil
}

func (c *company) build(ctx context.Context, o *Options, s Streams) error {
	if err := c.db.Migrate(ctx); err != nil {
		return err
	}
	if err := jobs.Migrate(ctx, c.db); err != nil {
		return err
	}
	var err error
	if c.files, err = openFiles(o); err != nil {
		return err
	}
	c.jobs, err = jobs.New(c.db, jobs.Config{Logger: c.log, Zone: c.zone})
	if err != nil {
		return err
	}
	if err := c.connect(ctx); err != nil {
		return err
	}
	return c.keepBackups(o, s)
}

func openFiles(o *Options) (files.Store, error) {
	if o.FilesEndpoint == "" {
		return files.OpenFolder(o.Data, clock.System)
	}
	store, err := files.OpenS3(files.S3Options{
		Endpoint: o.FilesEndpoint, Bucket: o.FilesBucket, Region: o.FilesRegion,
		Key: o.FilesKey, Secret: o.FilesSecret, Plain: o.FilesPlain, PathStyle: true,
	}, clock.System)
	if err != nil {
		return nil, fmt.Errorf("the file storage cannot be used: %w", err)
	}
	return store, nil
}

// zone is the company's time zone, UTC until it is set up.
func (c *company) zone() *time.Location {
	settings, err := c.team.Settings(authz.AsSystem(context.Background(), "clock"))
	if err != nil {
		return time.UTC
	}
	return settings.Location()
}

func (c *company) close(ctx context.Context) {
	if err := c.db.Close(); err != nil {
		c.log.WarnContext(ctx, "closing the database", "error", err.Error())
	}
}
