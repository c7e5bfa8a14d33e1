package jobsweb

import (
	"context"

	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/jobs"
)

// queueName says what a queue is for.
func queueName(ctx context.Context, name string) string {
	switch name {
	case jobs.Quick:
		return i18n.T(ctx, "jobs.page.quick")
	case jobs.Slow:
		return i18n.T(ctx, "jobs.page.slow")
	}
	return name
}

// kindName is what people call the kind of a job.
func kindName(ctx context.Context, j jobs.Info) string {
	if j.Title == "" {
		return j.Kind // of another version of the program
	}
	return i18n.T(ctx, j.Title)
}
