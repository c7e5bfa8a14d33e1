package app

import (
	"context"
	"errors"
	"time"

	"kartoteka.dev/internal/platform/api"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/jobs"
	"kartoteka.dev/internal/platform/journal"
)

// Jobs that keep the house in order and belong to no module.
var (
	sealJournal   = jobs.Define[struct{}]("journal.seal", jobs.Options{Title: "jobs.kind.journal-seal", Timeout: 10 * time.Minute})
	sweepFiles    = jobs.Define[struct{}]("files.sweep", jobs.Options{Title: "jobs.kind.files-sweep", Queue: jobs.Slow, Timeout: time.Hour})
	sweepAnswers  = jobs.Define[struct{}]("api.sweep", jobs.Options{Title: "jobs.kind.api-sweep", Timeout: 10 * time.Minute})
	sweepSessions = jobs.Define[struct{}]("team.sweep", jobs.Options{Title: "jobs.kind.team-sweep", Timeout: 10 * time.Minute})
)

// unusedFor is how long a file nobody refers to is kept: uploads come before
// the transaction that refers to them.
const unusedFor = 24 * time.Hour

func (c *company) schedule() error {
	return errors.Join(
		c.handleResets(),
		sealJournal.Handle(c.jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error {
			_, err := journal.Seal(ctx, c.db)
			return err
		}),
		sealJournal.Schedule(c.jobs, jobs.Every(time.Minute), struct{}{}),
		sweepFiles.Handle(c.jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error {
			swept, err := files.Sweep(ctx, c.files, files.Sweeping{
				Before: c.db.Clock().Now().Add(-unusedFor), Referenced: c.referenced,
			})
			c.log.InfoContext(ctx, "unused files removed", "files", swept.Removed, "bytes", swept.Freed)
			return err
		}),
		sweepFiles.Schedule(c.jobs, jobs.Daily(4, 10), struct{}{}),
		sweepAnswers.Handle(c.jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error {
			return api.Sweep(ctx, c.db)
		}),
		sweepAnswers.Schedule(c.jobs, jobs.Daily(3, 20), struct{}{}),
		sweepSessions.Handle(c.jobs, func(ctx context.Context, _ jobs.Job[struct{}]) error {
			return c.team.Sweep(ctx)
		}),
		sweepSessions.Schedule(c.jobs, jobs.Daily(3, 40), struct{}{}),
	)
}

// referenced tells which of these files any module refers to.
func (c *company) referenced(ctx context.Context, hashes []string) (map[string]bool, error) {
	used := map[string]bool{}
	for _, ask := range []func(context.Context, []string) (map[string]bool, error){
		c.customers.Referenced, c.imports.Uses, c.team.Referenced,
	} {
		found, err := ask(ctx, hashes)
		if err != nil {
			return nil, err
		}
		for hash, yes := range found {
			used[hash] = used[hash] || yes
		}
	}
	return used, nil
}
