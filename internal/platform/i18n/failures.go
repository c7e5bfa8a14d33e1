package i18n

import (
	"context"

	"kartoteka.dev/internal/platform/errs"
)

var kindTitles = map[errs.Kind]string{
	errs.Internal:        "errors.kind-internal-title",
	errs.Invalid:         "errors.kind-invalid-title",
	errs.Unauthenticated: "errors.kind-unauthenticated-title",
	errs.Forbidden:       "errors.kind-forbidden-title",
	errs.NotFound:        "errors.kind-not-found-title",
	errs.Conflict:        "errors.kind-conflict-title",
	errs.TooLarge:        "errors.kind-too-large-title",
	errs.Limited:         "errors.kind-limited-title",
	errs.Unavailable:     "errors.kind-unavailable-title",
}

var kindHelps = map[errs.Kind]string{
	errs.Internal:        "errors.kind-internal-help",
	errs.Invalid:         "errors.kind-invalid-help",
	errs.Unauthenticated: "errors.kind-unauthenticated-help",
	errs.Forbidden:       "errors.kind-forbidden-help",
	errs.NotFound:        "errors.kind-not-found-help",
	errs.Conflict:        "errors.kind-conflict-help",
	errs.TooLarge:        "errors.kind-too-large-help",
	errs.Limited:         "errors.kind-limited-help",
	errs.Unavailable:     "errors.kind-unavailable-help",
}

// Text renders a message an error carries; nothing for an empty one.
func Text(ctx context.Context, t errs.Text) string {
	if t.ID == "" {
		return ""
	}
	return T(ctx, t.ID, t.Args...)
}

// Failure says what happened, in the error's own words or its kind's general
// ones, and what the person can do about it.
func Failure(ctx context.Context, err error) (title, help string) {
	kind := errs.KindOf(err)
	help = T(ctx, kindHelps[kind])
	if own, ok := errs.TextOf(err); ok {
		return Text(ctx, own), help
	}
	return T(ctx, kindTitles[kind]), help
}
