package fieldsweb

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/web"
)

// readOptions reads the options that were there before: their names may have
// changed, their order too, and those ticked are archived. One whose name was
// emptied is left out.
func readOptions(in *web.Form, prefix string, present *fields.Question) []fields.Option {
	if present == nil {
		return nil
	}
	off := in.All(prefix + "off")
	labels := in.Values[prefix+"label"]
	var all []fields.Option
	for i, slug := range in.Values[prefix+"slug"] {
		o, known := present.Option(slug)
		if !known || i >= len(labels) {
			continue
		}
		o.Label, o.Archived = strings.TrimSpace(labels[i]), slices.Contains(off, slug)
		all = append(all, o)
	}
	return all
}

// added are the options typed below those that are there. A name that is known
// means the option it belongs to, with its translations.
func (a asked) added() []fields.Option {
	var all []fields.Option
	for line := range strings.Lines(a.Added) {
		name := strings.TrimSpace(line)
		if name == "" {
			continue
		}
		o := fields.Option{Words: fields.Words{Label: name}}
		if a.present != nil {
			if i := slices.IndexFunc(a.present.Options, func(o fields.Option) bool { return strings.EqualFold(o.Label, name) }); i >= 0 {
				o = a.present.Options[i]
				o.Archived = false
			}
		}
		all = append(all, o)
	}
	return all
}

// moveBy puts the one at i that many places further on, if it stays inside.
func moveBy[T any](all []T, i, step int) {
	if j := i + step; i >= 0 && i < len(all) && j >= 0 && j < len(all) {
		all[i], all[j] = all[j], all[i]
	}
}

// defaultProps is the input for what a new record begins with: of the kind
// that answers have.
func defaultProps(ctx context.Context, a asked, p field.Props) field.Props {
	p.Values = a.Default
	if len(a.Default) > 0 {
		p.Value = a.Default[0]
	}
	switch a.Type {
	case fields.LongText:
		p.Kind, p.Rows = field.Textarea, 2
	case fields.Date:
		p.Kind = field.Date
	case fields.YesNo:
		p.Kind, p.Blank, p.Options = field.Select, "–", yesNo(ctx)
	case fields.Choice:
		p.Kind, p.Blank, p.Options = field.Select, "–", a.offered(ctx)
	case fields.Multi:
		p.Kind, p.Inline, p.Options = field.Checks, true, a.offered(ctx)
	}
	return p
}

func (a asked) offered(ctx context.Context) []field.Option {
	var all []field.Option
	for _, o := range a.Options {
		if !o.Archived {
			all = append(all, field.Option{Value: o.Slug, Label: o.In(ctx)})
		}
	}
	return all
}

func yesNo(ctx context.Context) []field.Option {
	return []field.Option{{Value: "true", Label: i18n.T(ctx, "common.yes")}, {Value: "false", Label: i18n.T(ctx, "common.no")}}
}

func optionsLabel(ctx context.Context, a asked) string {
	if len(a.Options) > 0 {
		return i18n.T(ctx, "fields.question.options-more")
	}
	return i18n.T(ctx, "fields.question.options")
}

// lockedDefault says that a choice needs its options before one of them can be
// the default.
func lockedDefault(ctx context.Context, a asked) string {
	if a.chosen() && len(a.Options) == 0 {
		return i18n.T(ctx, "fields.question.default-later")
	}
	return ""
}
